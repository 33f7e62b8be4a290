from pipeline.records import Document


def add_events(document: Document) -> Document:
    return document

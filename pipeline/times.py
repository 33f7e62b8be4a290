from pipeline.records import Document


def add_times(document: Document) -> Document:
    return document

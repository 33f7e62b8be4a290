from pipeline.records import Document


def add_places(document: Document) -> Document:
    return document

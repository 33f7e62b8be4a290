from pipeline.records import Document


def add_actors(document: Document) -> Document:
    return document

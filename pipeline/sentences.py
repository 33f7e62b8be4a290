from pipeline.records import Document


def add_sentences(document: Document) -> Document:
    return document

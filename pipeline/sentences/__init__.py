"""The first stage: a text becomes sentences, their words and clauses."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from pipeline.records import Document, Part, Sentence, Span
from pipeline.sentences.boundaries import find_lines, find_sentences
from pipeline.sentences.clauses import find_clauses
from pipeline.sentences.quotes import find_quotes
from pipeline.sentences.words import find_words

__all__ = ["add_sentences", "find_sentence_at", "split_sentences"]


def add_sentences(document: Document) -> Document:
    """Fill ``Document.sentences``. What ingest has marked as no running text counts as a heading, the entry of a ticker
    as running text, though it has no end mark."""
    sentences = split_sentences(document.text, document.language)
    if document.parts:
        starts = [part.span.start for part in document.parts]
        sentences = tuple(_settle(sentence, document.parts, starts) for sentence in sentences)
    return replace(document, sentences=sentences)


def _settle(sentence: Sentence, parts: tuple[Part, ...], starts: list[int]) -> Sentence:
    """The sentence as the part in which it lies wants it."""
    index = bisect_right(starts, sentence.span.start) - 1
    if index < 0 or sentence.span.end > parts[index].span.end:
        return sentence
    return replace(sentence, heading=parts[index].kind != "ticker")


def split_sentences(text: str, code: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order; they do not overlap and leave out only white space."""
    sentences: list[Sentence] = []
    quotes = find_quotes(text)
    quote_starts = [quote.start for quote in quotes]
    for line, paragraph in find_lines(text):
        for span in find_sentences(text, line.start, line.end, code):
            words = find_words(text, span.start, span.end, code)
            if not words.texts:
                continue
            # The quotations that may touch this sentence: from the last that began before it.
            first = max(0, bisect_right(quote_starts, span.start) - 1)
            last = bisect_right(quote_starts, span.end)
            tokens, clauses = find_clauses(words, code, quotes[first:last])
            sentences.append(Sentence(span, tokens, clauses, _is_heading(text, span, line), paragraph))
    return tuple(sentences)


def _is_heading(text: str, span: Span, line: Span) -> bool:
    """A line of its own without an end mark: a headline, a label, a list entry."""
    return span == line and text[span.end - 1] not in ".!?…:;,“”\"»«'’" and span.end - span.start <= 160


def find_sentence_at(sentences: tuple[Sentence, ...], position: int) -> int | None:
    """The index of the sentence that holds a character, ``None`` between sentences."""
    index = bisect_right(sentences, position, key=lambda sentence: sentence.span.start) - 1
    return index if index >= 0 and position < sentences[index].span.end else None

"""COMBINE archives: files in a zip with a manifest that says what each is, and metadata in RDF.

The same files give the same bytes: entries are in the order given and carry the date of the release.
(Compressed by zlib: a Python built with another library may press the same content otherwise.)
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mtorkin.export.header import AUTHORS, RELEASED, TITLE, VERSION
from mtorkin.sbml.xml import document_text, tag

__all__ = ["Entry", "archive", "metadata_text"]

SPECIFICATIONS = "http://identifiers.org/combine.specifications/"
MEDIA = "http://purl.org/NET/mediatypes/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
MODEL = "http://biomodels.net/model-qualifiers/"
BIOLOGY = "http://biomodels.net/biology-qualifiers/"
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"

FORMATS = {
    ".xml": SPECIFICATIONS + "sbml.level-3.version-1",
    ".sedml": SPECIFICATIONS + "sed-ml",
    ".rdf": SPECIFICATIONS + "omex-metadata",
    ".csv": MEDIA + "text/csv",
    ".md": MEDIA + "text/markdown",
    ".svg": MEDIA + "image/svg+xml",
    ".png": MEDIA + "image/png",
}


@dataclass(frozen=True)
class Entry:
    """A file: its name in the archive, what is in it, and whether a tool should begin with it."""

    name: str
    content: bytes
    master: bool = False

    @property
    def format(self) -> str:
        """The address of its format."""
        return FORMATS[self.name[self.name.rindex(".") :]]


def archive(entries: Sequence[Entry]) -> bytes:
    """Return a COMBINE archive with these files, the manifest first."""
    whole = [Entry("manifest.xml", _manifest(entries).encode()), *entries]
    year, month, day = map(int, RELEASED.split("-"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for entry in whole:
            info = zipfile.ZipInfo(entry.name, (year, month, day, 0, 0, 0))
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            made.writestr(info, entry.content, compresslevel=9)
    return buffer.getvalue()


def _manifest(entries: Iterable[Entry]) -> str:
    listed = [
        tag("content", location=".", format=SPECIFICATIONS + "omex"),
        tag("content", location="./manifest.xml", format=SPECIFICATIONS + "omex-manifest"),
    ]
    listed += [
        tag("content", location=f"./{e.name}", format=e.format, master="true" if e.master else None)
        for e in entries
    ]
    return document_text(tag("omexManifest", listed, xmlns=SPECIFICATIONS + "omex-manifest"))


def metadata_text(title: str, about: Iterable[str], relations: Iterable[tuple[str, str]]) -> str:
    """Return the archive's metadata: title, description, creators, dates, licence.

    `relations` are pairs of a qualifier (``bqmodel:isDescribedBy``) and an address. Creators are
    those of CITATION.cff.
    """
    when = [tag("dcterms:W3CDTF", (), f"{RELEASED}T00:00:00Z")]
    creator = tag("rdf:Description", [tag("foaf:name", (), AUTHORS)])
    said = [
        tag("dcterms:title", (), title),
        tag("dcterms:description", (), " ".join(about)),
        tag("dcterms:creator", [creator]),
        tag("dcterms:created", when, rdf_parseType="Resource"),
        tag("dcterms:modified", when, rdf_parseType="Resource"),
        tag("dcterms:license", rdf_resource=LICENCE),
        tag("dcterms:bibliographicCitation", (), f"{AUTHORS}: {TITLE}, version {VERSION}"),
        *(tag(qualifier, rdf_resource=uri) for qualifier, uri in relations),
    ]
    spaces = {"rdf": RDF, "dcterms": TERMS, "foaf": FOAF, "bqmodel": MODEL, "bqbiol": BIOLOGY}
    named = {f"xmlns_{prefix}": uri for prefix, uri in spaces.items()}
    return document_text(tag("rdf:RDF", [tag("rdf:Description", said, rdf_about=".")], **named))

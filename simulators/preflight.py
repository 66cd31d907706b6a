"""PDFBox preflight (Debian's libpdfbox2-java) judges files as PDF/A-1b: a validator that we did not write."""

import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

_JARS = ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api")
_CLASS_PATH = ":".join(f"/usr/share/java/{name}.jar" for name in _JARS)
_VALIDATOR = "org.apache.pdfbox.preflight.Validator_A1b"


def complaints(pdfs: dict[str, bytes], folder: Path) -> dict[str, list[str]]:
    """What is wrong with each file, in the validator's words; nothing with a valid one. One start of Java for all."""
    files = {name: folder / f"{name}.pdf" for name in pdfs}
    for name, file in files.items():
        file.write_bytes(pdfs[name])
    listed = folder / "listed"
    listed.write_text("\n".join(map(str, files.values())), "utf-8")
    command = ["java", "-XX:TieredStopAtLevel=1", "-cp", _CLASS_PATH, _VALIDATOR, "xml", "group", str(listed)]
    subprocess.run(command, capture_output=True, check=True)
    judged = ET.parse(folder / "listed.preflight.xml").getroot()  # noqa: S314 # from the program just started
    return {Path(each.attrib["name"]).stem: _faults(each) for each in judged}


def _faults(judged: ET.Element) -> list[str]:
    if judged.findtext("isValid") == "true":
        return []
    return [each.findtext("details") or "invalid" for each in judged.iter("error")] or ["invalid"]

from pathlib import Path

import pytest

from bot.errors import ContentError
from knowledge.centre import Centre
from knowledge.glossary import FOLDER, Glossary, load_glossary

TERMS = {
    "en": {"residence_permit": ("residence permit", "residence permits"), "visa": ("visa",), "lease": ("lease",)},
    "fr": {"residence_permit": ("permis de séjour",), "visa": ("visa",)},
    "zh": {"residence_permit": ("居留许可",), "visa": ("签证",), "lease": ("租赁合同",)},
}


def found(text: str, source: str | None, target: str) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.shown) for span in Glossary(TERMS).find(text, source, target)]


def test_a_term_becomes_the_official_one() -> None:
    assert found("My Residence Permits expire", "en", "zh") == [("Residence Permits", "居留许可")]
    assert found("居留许可到期了", "zh", "fr") == [("居留许可", "permis de séjour")]
    assert found("mon permis de séjour", "fr-CA", "zh-Hans") == [("permis de séjour", "居留许可")]


def test_a_part_of_a_word_is_no_term() -> None:
    assert found("televisa released it", "en", "zh") == []


def test_a_term_without_an_official_word_there_is_left_to_the_translator() -> None:
    assert found("the lease and the visa", "en", "fr") == [("visa", "visa")]


def test_nothing_is_found_in_a_language_that_is_not_known() -> None:
    assert found("visa", None, "zh") == []
    assert found("visa", "sw", "zh") == []


def test_the_version_changes_with_a_word() -> None:
    changed = {**TERMS, "fr": {"visa": ("le visa",)}}
    assert Glossary(TERMS).version == Glossary(dict(reversed(TERMS.items()))).version != Glossary(changed).version


def test_the_shipped_one_has_every_term_in_twenty_languages(centre: Centre) -> None:
    glossary = load_glossary(centre)
    assert len(list(FOLDER.glob("*.yaml"))) == 20
    for path in FOLDER.glob("*.yaml"):
        assert glossary.terms[path.stem].keys() == glossary.terms["en"].keys(), path
    assert glossary.official("centre_name", "ja") == "古北市民センター"


def test_one_word_means_one_thing(centre: Centre) -> None:
    for language, by_id in load_glossary(centre).terms.items():
        forms = [form for several in by_id.values() for form in {each.casefold() for each in several}]
        assert sorted(forms) == sorted(set(forms)), language


def test_a_malformed_file(centre: Centre, tmp_path: Path) -> None:
    (tmp_path / "fr.yaml").write_text("visa: []\n")
    with pytest.raises(ContentError, match=r"fr\.yaml: visa"):
        load_glossary(centre, tmp_path)

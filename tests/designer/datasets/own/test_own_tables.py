"""People's own tables, as spreadsheets and programs write them, and as nobody should."""

from __future__ import annotations

import json
import pickle
import random
import time
from collections.abc import Callable

import numpy as np
import pytest

from designer.datasets import check_fit, class_counts, dataset_info, load, load_preview
from designer.datasets.own import Draft, TableEncoding, description, drafts, limits
from designer.errors import DatasetError

FLOWERS = "length,width,colour,kind\n" + "".join(
    f"{1 + n / 10:.1f},{n % 5},{['red', 'blue', 'white'][n % 3]},{'rose' if n % 2 else 'lily'}\n"
    for n in range(60)
)


def kinds(draft: Draft) -> dict[str, str]:
    return {column.name: column.kind for column in draft.columns}


def problem(draft: Draft, kind: str) -> drafts.Problem:
    return next(one for one in draft.problems if one.kind == kind)


def test_a_table_becomes_a_data_set_like_any_other(bring: Callable) -> None:
    info = bring(FLOWERS)
    assert info == dataset_info(info.name)
    assert info.task_names == ("binary", "multiclass")
    assert info.feature_names == (
        "length", "width", "colour = blue", "colour = red", "colour = white",
    )  # fmt: skip
    data = load(info.name)
    assert data.features.dtype == np.float32
    assert data.features.shape == (60, 5)
    assert np.allclose(data.features[1], [1.1, 1, 1, 0, 0])
    assert data.view.heads == (("lily", "rose"),)
    assert list(data.labels[:4]) == [0, 1, 0, 1]
    assert class_counts(data) == [[30, 30]]
    preview = load_preview(info.name, "multiclass")
    assert preview is not None
    assert class_counts(preview) == [[20, 20]]
    check_fit(info, input_shape=(5,), task="binary")


def test_the_rows_stay_on_disk_when_they_are_shared_out(bring: Callable) -> None:
    data = load(bring(FLOWERS).name)
    assert isinstance(data.features, np.memmap)
    some = data.take(np.array([5, 3, 40]))
    assert not isinstance(some.features, np.ndarray)
    assert len(some) == 3
    expected = np.asarray(data.features)[[5, 3, 40]]
    assert np.array_equal(some.features, expected)
    assert np.array_equal(some.features[1:], expected[1:])
    assert np.array_equal(some.features[np.array([2, 0, 2])], expected[[2, 0, 2]])
    assert some.features.shape == (3, 5)


def test_types_are_guessed(look: Callable) -> None:
    rows = "".join(
        f"{n},{n * 1.5},{'ab'[n % 2]},2024-0{n % 9 + 1}-15,text number {n},,7,{n % 4}\n"
        for n in range(100)
    )
    draft = look("id,size,group,day,note,nothing,same,rating\n" + rows)
    assert kinds(draft) == {
        "id": "none", "size": "number", "group": "category", "day": "date", "note": "none",
        "nothing": "none", "same": "none", "rating": "number",
    }  # fmt: skip
    assert draft.column("size").low == 0
    assert draft.column("size").high == 148.5
    assert draft.column("note").why == "text: 100 different values"
    assert draft.target == "rating"


def test_types_can_be_corrected(bring: Callable, look: Callable) -> None:
    text = "zip,age,y\n" + "".join(f"{n % 3},{n},{n * 2.5}\n" for n in range(30))
    assert kinds(look(text))["zip"] == "number"
    info = bring(text, kinds={"zip": "category", "age": "none"})
    assert info.feature_names == ("zip = 0", "zip = 1", "zip = 2")
    assert info.task_names == ("regression",)
    with pytest.raises(DatasetError, match=r"age cannot be read as a date.*number or category"):
        bring(text, kinds={"age": "date"})
    with pytest.raises(DatasetError, match="There is no kind of column 'colour'"):
        bring(text, kinds={"age": "colour"})


def test_the_target_is_chosen(bring: Callable) -> None:
    info = bring(FLOWERS, targets=("colour",))
    assert info.view().heads == (("blue", "red", "white"),)
    assert info.feature_names[-2:] == ("kind = lily", "kind = rose")
    assert bring(FLOWERS, targets=("length",)).task_names == ("regression",)
    two = bring(FLOWERS, targets=("colour", "kind"))
    assert two.task_names == ("multitask",)
    assert two.view().classes == (3, 2)
    both = bring(FLOWERS, targets=("length", "width"), kinds={"width": "number"})
    assert both.view().outputs == 2
    with pytest.raises(DatasetError, match=r"no column 'colours'. Did you mean 'colour'"):
        bring(FLOWERS, targets=("colours",))
    with pytest.raises(DatasetError, match="all numbers or all categories"):
        bring(FLOWERS, targets=("length", "kind"))


def test_few_whole_numbers_are_classes_and_can_be_numbers(bring: Callable) -> None:
    text = "x,y\n" + "".join(f"{n / 7},{n % 3}\n" for n in range(60))
    assert bring(text).view().heads == (("0", "1", "2"),)
    assert bring(text, kinds={"y": "number"}).task_names == ("regression",)


MISSING = "a,b,y\n1,red,p\nNA,blue,q\n3,,p\n4,red,q\n?,blue,p\n6,red,\n7,blue,q\n8,red,p\n9,N/A,q\n"


def test_missing_numbers_stay_gaps_and_categories_have_one_of_their_own(bring: Callable) -> None:
    info = bring(MISSING)
    assert info.feature_names == ("a", "b = blue", "b = red", "b = (missing)")
    features = load(info.name).features
    assert info.examples == 8, "the row without a target is left out"
    assert np.isnan(features[1, 0]), "what fills it is for each run to learn"
    assert features[1, 1:].tolist() == [1, 0, 0]
    assert np.allclose(features[2], [3, 0, 0, 1])
    assert description(info.name)["left_out"] == 1
    assert description(info.name)["problems"] == [
        "1 row without what is to be predicted (y: 1)", "4 values missing (a: 2; b: 2)",
    ]  # fmt: skip


def test_rows_with_missing_values_are_left_out_or_refused(bring: Callable) -> None:
    info = bring(MISSING, ways={"missing_values": "skip"})
    assert info.examples == 4
    assert info.feature_names == ("a", "b = blue", "b = red")
    assert load(info.name).features[:, 0].tolist() == [1, 4, 7, 8]
    with pytest.raises(DatasetError, match=r"Refused: 4 values missing \(a: 2; b: 2\)"):
        bring(MISSING, ways={"missing_values": "refuse"})
    with pytest.raises(DatasetError, match=r"can be done: skip or refuse; received 'fill'"):
        bring(MISSING, ways={"missing_targets": "fill"})


def test_values_that_cannot_be_read_are_named(look: Callable, bring: Callable) -> None:
    text = "a,y\n" + "".join(f"{n},{n}\n" for n in range(40)) + "many,3\n1e999,4\n1_0,5\ninf,6\n"
    draft = look(text)
    assert draft.column("a").kind == "number"
    assert draft.column("a").unreadable("number", draft.examples) == 4
    filled = bring(text, kinds={"y": "number"})
    assert filled.examples == 44
    assert np.isnan(load(filled.name).features[40:, 0]).all()
    assert np.isfinite(load(filled.name).features[:40]).all()
    skip = bring(text, kinds={"y": "number"}, ways={"unreadable_values": "skip"})
    assert skip.examples == 40


def test_broken_rows_are_counted_and_named(look: Callable, bring: Callable) -> None:
    text = "a,b\n1,2\n3\n4,5\n6,7,8\n\n9,10\n11,12\n"
    found = problem(look(text), "broken_rows")
    assert found.count == 2
    assert found.examples == ("line 3: 1 values, not 2", "line 5: 3 values, not 2")
    assert bring(text).examples == 4
    with pytest.raises(DatasetError, match=r"Refused: 2 rows do not have.*line 3"):
        bring(text, ways={"broken_rows": "refuse"})


def test_a_quote_that_is_never_closed_is_a_broken_row(look: Callable) -> None:
    text = "a,b\n1,2\n3,4\n5,6\n" + '7,"' + "x" * (limits.LONGEST_VALUE + 10) + "\n8,9\n"
    draft = look(text)
    assert problem(draft, "broken_rows").count >= 1
    assert "a quote may never be closed" in problem(draft, "broken_rows").in_words()
    assert draft.examples >= 3


def test_quotes_hold_separators_and_lines(look: Callable) -> None:
    draft = look('a,b,y\n"1,5","two\nlines",1\n"2,5","say ""hi""",2\n"3,5",x,3\n')
    assert draft.examples == 3
    assert draft.preview[0] == ("1,5", "two\nlines", "1")
    assert draft.preview[1][1] == 'say "hi"'


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_separators_are_found(look: Callable, delimiter: str) -> None:
    draft = look(FLOWERS.replace(",", delimiter), "table.txt")
    assert draft.dialect["delimiter"] == delimiter
    assert kinds(draft)["colour"] == "category"


def test_decimal_commas(bring: Callable, look: Callable) -> None:
    text = "größe;preis\n1,5;10,25\n2,5;1.000,5\n3,5;30\n4,25;40,5\n"
    assert look(text).dialect["decimal"] == ","
    data = load(bring(text).name)
    assert data.features[:, 0].tolist() == [1.5, 2.5, 3.5, 4.25]
    assert np.asarray(data.labels)[:, 0].tolist() == [10.25, 1000.5, 30, 40.5]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("cp1252", "cp1252"),
     ("utf-32", "utf-32")],
)  # fmt: skip
def test_encodings_are_found(look: Callable, encoding: str, found: str) -> None:
    text = "größe,farbe\n1,grün\n2,weiß\n3,grün\n4,weiß\n"
    draft = look(text.encode(encoding))
    assert draft.dialect["encoding"] == found
    assert [column.name for column in draft.columns] == ["größe", "farbe"]
    assert draft.column("farbe").counts == {"grün": 2, "weiß": 2}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings(look: Callable, ending: str) -> None:
    assert look(FLOWERS.replace("\n", ending)).examples == 60


def test_names_are_made_unique(look: Callable) -> None:
    draft = look("a,a,,a (2),a\n" + "1,2,3,4,5\n" * 4)
    assert [one.name for one in draft.columns] == ["a", "a (2)", "column 3", "a (2) (2)", "a (3)"]


def test_a_table_without_a_row_of_names(look: Callable) -> None:
    draft = look("5.1,3.5,a\n4.9,3.0,b\n4.7,3.2,a\n4.6,3.1,b\n")
    assert draft.dialect["header"] is False
    assert draft.examples == 4
    assert kinds(draft) == {"column 1": "number", "column 2": "number", "column 3": "category"}
    assert look("5.1,a\n4.9,b\n4.7,a\n", header=True).examples == 2


@pytest.mark.parametrize("form", ["%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%dT%H:%M:%S", "%d %b %Y"])
def test_dates_become_days(bring: Callable, form: str) -> None:
    days = np.array([1, 40, 300, 5000, 20_013])
    moments = np.datetime64("1970-01-01") + days
    text = "day|y\n" + "".join(
        f"{moment.astype(object).strftime(form)}|{n}.5\n" for n, moment in enumerate(moments)
    )
    info = bring(text)
    assert info.feature_names == ("day (days since 1970)",)
    assert load(info.name).features[:, 0].tolist() == days.tolist()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n \n\n", "is empty"),
        (b"a,b,c\n", "a row of names and no row of values"),
        (b"a,b\n1,2\n", r"1 example is left.*at least 3"),
        (b"a,b\n1,2\n2,x\n", r"2 examples are left"),
        (b"a,y\n1,p\n2,p\n3,\n4,p\n", "one class alone"),
        (b"y\n1\n2\n3\n", "No column is left to predict from"),
        (b"a,b\n1,\0\n2,3\n", "not text"),
        (b"\xff\xfea\0,", "UTF-16"),
        (pickle.dumps({"a": 1}), "a pickle"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "one picture"),
        (b"\x1f\x8b" + bytes(50), "gzip"),
    ],
)  # fmt: skip
def test_what_is_no_table_to_learn_from_is_refused(
    bring: Callable, content: bytes, message: str
) -> None:
    targets = ("y",) if b"y\n" in content[:6] else ()
    with pytest.raises(DatasetError, match=message):
        bring(content, targets=targets)


def test_a_column_that_is_always_the_same_can_be_no_class(bring: Callable) -> None:
    with pytest.raises(DatasetError, match="one class alone"):
        bring("a,y\n1,p\n2,p\n3,p\n4,p\n", targets=("y",), kinds={"y": "category"})


def test_too_many_columns_are_refused(bring: Callable) -> None:
    many = limits.MOST_COLUMNS + 1
    with pytest.raises(DatasetError, match="5,001 columns; at most 5,000"):
        bring(",".join(["a"] * many) + "\n" + ",".join(["1"] * many) + "\n")


def test_text_is_no_category(bring: Callable, look: Callable) -> None:
    text = "name,x,y\n" + "".join(f"n{n},{n},{n % 2}\n" for n in range(300))
    assert kinds(look(text))["name"] == "none"
    with pytest.raises(DatasetError, match=r"name has 300 different values; at most 200"):
        bring(text, kinds={"name": "category"})


def test_the_encoding_is_kept_for_new_rows(bring: Callable) -> None:
    info = bring(MISSING)
    kept = description(info.name)["encoding"]
    encoding = TableEncoding.from_dict(json.loads(json.dumps(kept)))
    assert encoding.feature_names == info.feature_names
    assert encoding.encode_one({"a": "4", "b": "red"}).tolist() == [4, 0, 1, 0]
    assert encoding.encode_one({"a": "4", "b": ""}).tolist() == [4, 0, 0, 1]
    assert np.isnan(encoding.encode_one({"a": "NA", "b": "red"})[0])
    # An earlier version kept what it had filled all gaps with.
    earlier = json.loads(json.dumps(kept))
    earlier["columns"][0]["fill"] = 5.4
    filled = TableEncoding.from_dict(earlier).encode_one({"a": "NA", "b": "red"})
    assert filled[0] == pytest.approx(5.4)
    assert encoding.columns[1].in_words() == "b: one-hot, in the order blue, red, (missing)"
    with pytest.raises(DatasetError, match=r"b: received 'green', expected one of blue, red"):
        encoding.encode_one({"a": "4", "b": "green"})
    with pytest.raises(DatasetError, match=r"a: received 'four', expected number"):
        encoding.encode_one({"a": "four", "b": "red"})


def test_hundreds_of_thousands_of_rows(bring: Callable) -> None:
    numbers = random.Random(0)
    colours = ["red", "green", "blue"]
    text = "a,b,colour,y\n" + "".join(
        f"{n},{numbers.random():.6f},{colours[n % 3]},{n % 2}\n" for n in range(300_000)
    )
    begun = time.monotonic()
    info = bring(text)
    assert info.examples == 300_000
    assert time.monotonic() - begun < 60
    data = load(info.name)
    assert data.features[299_999, 0] == 299_999
    assert class_counts(data) == [[150_000, 150_000]]

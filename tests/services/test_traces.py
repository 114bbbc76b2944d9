"""What a person leaves in texts is found wherever it stands in them."""

from __future__ import annotations

import pytest

from mesh.contract.traces import Tracer, digests

KEY = b"k" * 32
ANN = Tracer(KEY, digests(KEY, [], ["ann@x.example"], []))


@pytest.mark.parametrize(
    "text",
    [
        "ann@x.example",
        "<Ann@X.Example>, who",
        "mailto:ann@x.example?subject=hello",
        "https://shop.example/leave?email=ann@x.example",
        "/leave?list=3&email=ann@x.example&again=1",
        "https://shop.example/people/ann@x.example/orders",
        "https://shop.example/#ann@x.example",
        "{'email'='ann@x.example'}",
        "/leave?email=ann%40x.example&again=1",
        "/leave?next=%2Fpeople%3Femail%3Dann%40x.example%26a%3D1",
        "a" * 90 + "?email=ann@x.example",
    ],
)
def test_an_address_is_found_in_links_and_quotes(text: str) -> None:
    assert ANN.is_in(text)
    assert ANN.is_in(text.encode())
    assert ANN.is_in_file(text.encode("utf-16-le"))


@pytest.mark.parametrize(
    "text", ["joann@x.example", "jo.ann@x.example", "jo+ann@x.example", "ann@x.example.org", "ann@www.x.example"]
)
def test_the_address_of_somebody_else_is_not_taken_for_it(text: str) -> None:
    assert not ANN.is_in(f"?email={text}&a=1")

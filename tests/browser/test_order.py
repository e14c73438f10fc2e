"""Perceptrons that learn in the page: as Python's do, by every control."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fewpixels.artifacts.images import read_images, read_subset
from fewpixels.models import perceptron
from fewpixels.streams import Streams
from fewpixels.study.validation import filled

# Trained by the page's own code: mistakes in each epoch, and right labels of what is never seen.
TRAINED = """async ([visits, epochs]) => {
  const { unpack } = await import("fewpixels/payload");
  const { load } = await import("fewpixels/predict");
  const { Lesson } = await import("fewpixels/order");
  const text = (name) => document.getElementById(`pack-${name}`).textContent;
  const lesson = new Lesson(await unpack(text("order")), load(await unpack(text("models"))));
  for (let epoch = 0; epoch < epochs; epoch += 1) lesson.advance(visits, Infinity);
  const right = (weights) => lesson.confusion({ visits, weights }).right;
  return [lesson.trainings[visits].mistakes, { last: right("last"), averaged: right("averaged") }];
}"""
SIZE, EPOCHS, NOW, CAPTION = 7, 20, "[data-order=now]", "[data-order=caption]"
READY, LEARNED = "#order .order-weights canvas", "[data-order=learned] canvas"


@pytest.mark.parametrize("visits", ["sorted", "shuffled"])
def test_the_mistakes_are_pythons(opened, finished, monkeypatch, visits):
    mistakes, right = opened().evaluate(TRAINED, [visits, EPOCHS])
    monkeypatch.chdir(finished)
    results = Path("results/digits")
    folder = results / "heldout" / f"{SIZE}px"
    train, validation = (
        read_subset(folder / f"{name}.npz", SIZE, 2) for name in ("train", "validation")
    )
    fresh, y = read_images(results / "fresh" / f"{SIZE}px.npz", SIZE)
    for weights, own in right.items():
        parameters = {"scheme": "one-vs-rest", "kernel": "linear", "epochs": EPOCHS}
        parameters |= {"order": visits, "weights": weights}
        full = filled(parameters, perceptron.HYPERPARAMETERS)
        fit = perceptron.fit(train, validation, full, streams=Streams(3, "digits", f"{SIZE}/any"))
        assert mistakes == [loss for r, _, loss, _ in fit.history if r == 0]
        labels = perceptron.predict(fit.parameters, full, train, fresh).labels[0]
        assert own == np.sum(labels == y)
    if visits == "sorted":
        history = pd.read_csv(folder / "ovr" / "history.csv")
        made = history[history["replicate"] == 0]["loss"].tolist()
        assert mistakes[: len(made)] == made


def test_it_goes_by_steps_and_starts_again(opened):
    page = opened()
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_selector(READY)
    assert page.locator(READY).count() == 10
    assert "Nothing is learned yet" in page.inner_text(NOW)
    assert page.locator(LEARNED).count() == 0
    page.click("[data-order=image]")
    assert page.inner_text(NOW).startswith("Epoch 1 of 30, image 1, “0”: the 10 perceptrons made")
    assert page.inner_text("[data-order=moment]") == "Now (epoch 1, “0”)"
    assert page.locator(LEARNED).count() == 1
    page.focus("[data-order=epoch]")
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelector('{NOW}').innerText.includes('is done')")
    page.wait_for_function("document.querySelectorAll('#order .mark-rect path').length === 100")
    assert "After 1 epoch, class by class" in page.inner_text(CAPTION)
    assert page.inner_text("[data-order=moment]") == "After 1 epoch"
    page.click("[data-order=image]")
    page.wait_for_selector("[data-order=caption].order-past")
    page.click("[data-order=preset][value='shuffled last']")
    page.wait_for_function(f"document.querySelector('{NOW}').innerText.startsWith('Nothing')")
    assert page.inner_text(CAPTION).startswith("Press Play")
    page.click("[data-order=preset][value='sorted last']")
    page.wait_for_function(f"document.querySelector('{NOW}').innerText.startsWith('Epoch 2')")
    assert "After 1 epoch, class by class" in page.inner_text(CAPTION)
    page.click("[data-order=reset]")
    page.wait_for_function(f"document.querySelector('{NOW}').innerText.startsWith('Nothing')")


def test_presets_play_to_the_end_and_tell_the_story(opened):
    page = opened()
    page.wait_for_selector(READY)
    page.select_option("#order [name=speed]", "0.5")
    captions = []
    page.click("[data-order=preset][value='sorted last']")
    for way in ("sorted last", "shuffled last", "shuffled averaged"):
        if captions:
            page.click("[data-order=next]")
        page.wait_for_function(
            "document.querySelector('[data-order=caption]').innerText.startsWith('After 30')"
            f" && document.querySelector('[data-order=preset][value=\"{way}\"]').ariaPressed"
            " === 'true' && document.querySelector('[data-order=play]').innerText === 'Play'"
        )
        captions.append(page.inner_text(CAPTION))
    assert not page.is_visible("[data-order=next]")
    assert ["class by class" in c for c in captions] == [True, False, False]
    assert "The last weights alone give" in captions[2]
    labels = page.locator("#order [data-chart=accuracy] text").all_text_contents()
    assert {"class by class", "shuffled", "shuffled, averaged"} <= set(labels)
    rows = page.locator("#order .order-numbers tr").all_text_contents()
    assert len(rows) == 31
    assert rows[0] == "epochclass by classshuffledshuffled, averaged"
    assert rows[30].endswith(captions[2].split(" are right")[0][-5:])
    assert "visits=shuffled&weights=averaged" in page.url


def test_it_stops_out_of_view_and_does_not_start_by_itself_where_motion_is_unwanted(opened):
    page = opened()
    page.wait_for_selector(READY)
    page.select_option("#order [name=speed]", "0.0125")
    page.click("[data-order=play]")
    assert page.inner_text("[data-order=play]") == "Pause"
    assert page.inner_text(CAPTION) == "Training…"
    assert page.get_attribute(NOW, "aria-live") == "off"
    page.evaluate("document.getElementById('made').scrollIntoView({ behavior: 'instant' })")
    page.wait_for_function("document.querySelector('[data-order=play]').innerText === 'Play'")
    assert page.get_attribute(NOW, "aria-live") == "polite"
    page.emulate_media(reduced_motion="reduce")
    page.click("[data-order=preset][value='shuffled last']")
    assert page.inner_text("[data-order=play]") == "Play"
    page.click("[data-order=epoch]")
    page.wait_for_function(f"document.querySelector('{CAPTION}').innerText.startsWith('After 1 ')")


def test_sentences_are_of_the_training_that_is_shown(opened):
    page = opened()
    page.wait_for_selector(READY)
    page.click("[data-order=epoch]")
    page.click("[data-order=image]")
    page.wait_for_function("document.querySelector('.order-now').innerText.includes('image 1')")
    assert page.inner_text(CAPTION).startswith("After 1 epoch, class by class")
    page.click("[data-order=preset][value='shuffled averaged']")
    assert "class by class" not in page.inner_text(CAPTION)
    page.wait_for_function("document.querySelector('.order-caption').innerText.includes('average')")

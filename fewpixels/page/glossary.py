"""The words of the page that a reader may not know, each explained once."""

GLOSSARY = {
    "trained model": (
        "One kind of classifier, trained on images of one size, under one split of the images."
    ),
    "never seen": "Images that no model was trained on, and none was chosen by.",
    "corrected": "Trained again without the study's mistakes.",
    "replicate": "The same again with other images drawn for training: each model is trained in "
    "all of them, and numbers are means over them.",
    "95% interval": "Where the number would lie if all was done again with other images of the "
    "same kind: in 95 of 100 such intervals it does.",
    "validation images": "Images that are not trained on, by which training is stopped and models "
    "are chosen.",
    "split": "How the images are dealt into those to train on, to choose by and to test on.",
    "confusion matrix": "A table of how often each true class (row) gets each label (column).",
    "perceptron": "The simplest classifier that learns: it adds up the pixels, each with a weight, "
    "and moves its weights at every mistake.",
    "epoch": "One pass over all training images.",
    "bias": "A number that each classifier adds to its sum whatever the image, and learns as it "
    "learns its weights.",
    "quadratic": "A classifier gets the products of any two pixels too, not the pixels alone.",
    "distorted copies": "Training images that are moved, turned and scaled a little, beside those "
    "that there are.",
    "convolutional network": "A neural network that looks for the same small patterns all over "
    "the image.",
}
"""By term, as the page writes it; the template `term` shows the text on hover and focus."""

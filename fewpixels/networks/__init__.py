"""How networks are trained; the faces of it are `fewpixels.models.mlp` and `.convnet`.

Begin with `descent`, which trains multilayer perceptrons until they stop. It takes `batches` of
images through `layers`, forwards and back, of all replicates in one tensor; `protocols` says what
the published training and the remedied one do differently.

Of convolutional networks `convolutions` has the shapes, and `autograd` trains them in PyTorch.
"""

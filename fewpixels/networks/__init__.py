"""How networks are trained; the face of it is `fewpixels.models.mlp`.

Begin with `layers`: forward, backward and the loss, of all replicates in one tensor. `protocols`
says what the published training and the remedied one do differently.
"""

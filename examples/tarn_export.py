#!/usr/bin/env python3
"""Writes a PyTorch model, a slice of its data and its checkpoints for Tarn. Needs torch and numpy.

    from tarn_export import export
    export("net", model, loader, loss="cross-entropy", samples=1000, checkpoints=["e1.pt", "e9.pt"])

writes net.pt (TorchScript), net.npz (inputs and targets) and net.checkpoints/ (the same network with
the weights of each checkpoint), and prints the commands to go on with. Copy this file to where your
training script is; docs/your-own-model.md says more.
"""

import copy
import inspect
import io
import os
import shlex
import warnings
from typing import NamedTuple

import numpy as np
import torch

LOSSES = ["cross-entropy", "mse", "bce-logits", "l1", "huber", "nll", "model"]
OF_CLASSES = ["cross-entropy", "nll"]
TARGET_NAMES = ["labels", "label", "targets", "target", "y"]


class ExportError(Exception):
    """What cannot be exported, why, and what to do about it."""


class Exported(NamedTuple):
    model: str
    data: str
    checkpoints: list
    commands: list


def export(name, model, loader, loss="cross-entropy", samples=1000, checkpoints=(), inputs=None,
           targets=None, quiet=False):
    """Writes NAME.pt, NAME.npz and, when there are checkpoints, NAME.checkpoints/*.pt.

    loader: yields batches: (inputs…, targets) or a dict. Of a dict `inputs` are the keys to pass to
        the model, in order, and `targets` the key to compare with; without them they are guessed
        from the arguments of the model's forward. The first `samples` samples are written.
    loss: one of LOSSES, with options as `tarn spectrum --help` says. "model": forward(inputs…,
        targets) returns the loss itself; targets may then be missing.
    checkpoints: state dicts, or files that torch.load reads as one.

    The model itself is left as it is: on its device, in its mode. Raises ExportError.
    """
    say = (lambda text: None) if quiet else print
    kind = loss.split(":")[0]
    if kind not in LOSSES:
        raise ExportError(f"There is no loss {kind!r}: choose one of {', '.join(LOSSES)}.")
    plain = _plain_copy(model, say)
    arrays, target = _slice(loader, plain, kind, samples, inputs, targets)
    tensors = [_as_the_engine_reads(array, plain) for array in arrays]
    last = None if target is None else _as_the_engine_reads(target, plain, tokens=kind in OF_CLASSES)
    _require_fit(plain, tensors, last, kind)
    scripted = _torchscript(plain, tensors, last, kind, say)

    folder = os.path.dirname(name)
    if folder:
        os.makedirs(folder, exist_ok=True)
    model_file, data_file = name + ".pt", name + ".npz"
    torch.jit.save(scripted, model_file)
    named = {"inputs": arrays[0]} if len(arrays) == 1 else \
        {f"inputs.{i}": array for i, array in enumerate(arrays)}
    if target is not None:
        named["targets"] = target
    np.savez(data_file, **named)
    say(f"{model_file}: {sum(p.numel() for p in plain.parameters())} parameters")
    say(f"{data_file}: " + ", ".join(f"{key} {list(a.shape)} {a.dtype}" for key, a in named.items()))
    written = _write_checkpoints(name + ".checkpoints", scripted, checkpoints, say)
    commands = _commands(name, loss, model_file, data_file, _is_images(arrays[0]), written)
    say("Go on with\n" + "\n".join("    " + command for command in commands))
    return Exported(model_file, data_file, written, commands)


# ---- the model

def _plain_copy(model, say):
    """The network alone, on the CPU, in evaluation mode, all its weights float32 or all float64."""
    for wrapper in ["module", "_orig_mod"]:  # DataParallel and its like, torch.compile
        inner = getattr(model, wrapper, None)
        if isinstance(inner, torch.nn.Module) and len(list(model.children())) == 1 and \
                type(model).__module__.startswith("torch."):
            model = inner
    if not isinstance(model, torch.nn.Module):
        raise ExportError(f"The model is a {type(model).__name__}, not a torch.nn.Module.")
    try:
        plain = copy.deepcopy(model).cpu().eval()
    except RuntimeError as error:
        raise ExportError(
            f"The model cannot be copied: {_first_line(error)}. Undo what makes its weights from "
            "others first (torch.nn.utils.remove_weight_norm, for example).") from error
    types = {p.dtype for p in plain.parameters()}
    if not types:
        raise ExportError("The model has no parameters, so it has no loss landscape. Export the "
                          "trained module itself, not a frozen or quantized one.")
    if types - {torch.float32} and types != {torch.float64}:
        other = ", ".join(sorted(str(t).removeprefix("torch.") for t in types - {torch.float32}))
        say(f"The weights in {other} are exported as float32: Tarn differentiates twice, which "
            "takes the digits. The loss may differ a little from what you trained with.")
        plain = plain.float()
    return plain


def _torchscript(plain, tensors, last, kind, say):
    arguments = _arguments(tensors, last, kind)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            scripted = torch.jit.script(plain)
        traced = False
    except Exception as error:  # whatever the compiler meets in the user's code
        if kind == "model":
            raise ExportError(
                f"torch.jit.script cannot compile the model: {_first_line(error)}. A model that "
                "returns its own loss has to be compiled, because tracing loses what forward "
                "differentiates: simplify its forward, or return outputs and name a loss.") from error
        warnings.warn(
            f"torch.jit.script cannot compile the model ({_first_line(error)}), so it is traced: "
            "what forward does with two samples is recorded and repeated for ever. A branch or a "
            "loop that depends on the values or the number of samples is frozen as it went then.",
            stacklevel=3)
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            scripted = torch.jit.trace(plain, tuple(a[:2] for a in arguments), check_trace=False)
        traced = True
    buffer = io.BytesIO()
    torch.jit.save(scripted, buffer)
    buffer.seek(0)
    saved = torch.jit.load(buffer, map_location="cpu").eval()
    _require_same(plain, saved, arguments, traced)
    return saved


def _require_same(plain, saved, arguments, traced):
    """The exported model has the outputs and the gradients of the original one."""
    count = min(7, len(arguments[0]))
    some = [a[:count] for a in arguments]
    found = []
    for module in [plain, saved]:
        parameters = [p for p in module.parameters() if p.requires_grad]
        output = module(*some)
        gradients = []
        if parameters and output.requires_grad:
            gradients = torch.autograd.grad(output.square().mean(), parameters, allow_unused=True)
        found.append([output.detach()] + [g for g in gradients if g is not None])
    same = len(found[0]) == len(found[1]) and all(
        a.shape == b.shape and torch.allclose(a, b, rtol=1e-3, atol=1e-5 * (1 + float(a.abs().max())))
        for a, b in zip(*found))
    if not same:
        how = "traced" if traced else "compiled"
        raise ExportError(
            f"The {how} model does not do what the original does on {count} samples. "
            + ("Its forward depends on the number or the values of the samples; write that part so "
               "that torch.jit.script can compile it." if traced else
               "Look for random numbers or a state that forward changes."))


# ---- the data

def _slice(loader, plain, kind, samples, inputs, targets):
    """The first samples as NumPy arrays: ([inputs…], targets or None)."""
    if samples < 1:
        raise ExportError("samples has to be at least 1.")
    columns, count = None, 0
    for batch in loader:
        values, target = _parts(batch, plain, kind, inputs, targets)
        row = [_as_array(v, "input") for v in values]
        row.append(None if target is None else _as_array(target, "target"))
        if columns is None:
            columns = [[] for _ in row]
        if len(row) != len(columns):
            raise ExportError(f"A batch has {len(columns) - 1} inputs and another {len(row) - 1}.")
        lengths = {a.shape[0] if a.ndim else None for a in row if a is not None}
        if len(lengths) != 1 or None in lengths:
            raise ExportError(
                "The tensors of a batch have different numbers of samples: "
                f"{[list(a.shape) for a in row if a is not None]}. The first axis of each has to be "
                "the samples; something that all samples share belongs into the model.")
        for column, array in zip(columns, row):
            column.append(array)
        count += lengths.pop()
        if count >= samples:
            break
    if not count:
        raise ExportError("The loader gives no samples.")
    joined = [None if column[0] is None else _joined(column)[:samples] for column in columns]
    if joined[-1] is None and kind != "model":
        raise ExportError(f"The loss {kind} needs targets: let the loader yield (inputs, targets).")
    if kind in OF_CLASSES and joined[-1].dtype.kind not in "iu":
        raise ExportError(f"The loss {kind} needs class numbers, but the targets are "
                          f"{joined[-1].dtype}. Use .argmax(1) of one-hot targets, or the loss mse.")
    return joined[:-1], joined[-1]


def _parts(batch, plain, kind, inputs, targets):
    """A batch as ([inputs…], target or None)."""
    if hasattr(batch, "keys"):
        return _parts_of_dict(batch, plain, kind, inputs, targets)
    if torch.is_tensor(batch):
        return [batch], None
    flat = []
    for item in batch if isinstance(batch, (tuple, list)) else [batch]:
        flat.extend(item if isinstance(item, (tuple, list)) else [item])
    wrong = sorted({type(item).__name__ for item in flat if not torch.is_tensor(item)})
    if wrong or not flat:
        raise ExportError(f"A batch holds {', '.join(wrong) or 'nothing'}, not tensors. Let the "
                          "loader yield (inputs…, targets) or a dict of tensors.")
    return (flat, None) if len(flat) == 1 else (flat[:-1], flat[-1])


def _parts_of_dict(batch, plain, kind, inputs, targets):
    taken = [key for key in _argument_names(plain) if key in batch]
    target = targets or next((key for key in TARGET_NAMES if key in batch), None)
    names = inputs or [key for key in taken if key != target]
    missing = [key for key in [*names, *([target] if target else [])] if key not in batch]
    if missing or not names:
        raise ExportError(
            f"The batch has {list(batch.keys())}"
            + (f", not {missing}" if missing else " and none is an argument of the model's forward")
            + ': name the keys in order, inputs=["input_ids", "mask"], targets="labels".')
    if kind == "model" and not inputs and target in taken and taken[-1] != target:
        raise ExportError(f"forward takes {target!r} before other arguments, but Tarn passes targets "
                          "last. Wrap the model in one whose forward has them last.")
    return [batch[key] for key in names], batch[target] if target else None


def _argument_names(plain):
    if isinstance(plain, torch.jit.ScriptModule):
        return [a.name for a in plain.forward.schema.arguments[1:]]
    return list(inspect.signature(plain.forward).parameters)


def _as_array(tensor, what):
    if not torch.is_tensor(tensor):
        raise ExportError(f"A {what} is a {type(tensor).__name__}, not a tensor.")
    tensor = tensor.detach().cpu()
    if tensor.is_complex() or tensor.is_sparse or tensor.is_quantized:
        raise ExportError(f"A {what} is complex, sparse or quantized; Tarn reads plain numbers.")
    if tensor.is_floating_point() and tensor.dtype != torch.float64:
        tensor = tensor.float()
    if tensor.dtype in [torch.int8, torch.int16, torch.int32]:
        tensor = tensor.long()
    return tensor.numpy()


def _joined(arrays):
    shapes = {array.shape[1:] for array in arrays}
    if len(shapes) > 1:
        raise ExportError(f"Batches have samples of different shapes, {sorted(shapes)[:2]} for "
                          "example. Pad them to one length in the loader's collate function.")
    return np.concatenate(arrays)


def _as_the_engine_reads(array, plain, tokens=False):
    """uint8 and floating-point numbers in the weights' type, other integers and truth values as they
    are."""
    tensor = torch.from_numpy(array)
    if tokens:
        return tensor.long()
    if tensor.is_floating_point() or tensor.dtype == torch.uint8:
        return tensor.to(next(plain.parameters()).dtype)
    return tensor


def _arguments(tensors, last, kind):
    return tensors + ([last] if kind == "model" and last is not None else [])


def _require_fit(plain, tensors, last, kind):
    """Runs two samples through the model, and sees that its output is one that the loss can take."""
    arguments = [a[:2] for a in _arguments(tensors, last, kind)]
    try:
        output = plain(*arguments)
    except Exception as error:  # whatever the user's forward throws
        raise ExportError(
            f"The model cannot digest the data: {_first_line(error)}. It was given "
            f"{', '.join(f'{list(a.shape)} {a.dtype}' for a in arguments)}.") from error
    if not torch.is_tensor(output):
        raise ExportError(f"The model's forward returns a {type(output).__name__}, not a tensor. Wrap "
                          "it in a module whose forward returns the output alone.")
    if kind == "model":
        if output.numel() != 1:
            raise ExportError(f"With the loss 'model' forward has to return one number, the mean loss "
                              f"of the batch; it returns shape {list(output.shape)}.")
    elif kind in OF_CLASSES:
        if output.dim() < 2 or list(output.shape[:-1]) != list(last[:2].shape):
            raise ExportError(
                f"Outputs {list(output.shape)} and targets {list(last[:2].shape)} of two samples do "
                f"not fit the loss {kind}: outputs have one more axis, the classes, and it is last.")
        if int(last.max()) >= output.shape[-1]:
            raise ExportError(f"The targets hold the label {int(last.max())}, but the model has "
                              f"{output.shape[-1]} outputs.")
    elif output.shape != last[:2].shape:
        raise ExportError(f"Outputs {list(output.shape)} and targets {list(last[:2].shape)} of two "
                          f"samples have to be of one shape for the loss {kind}.")


# ---- checkpoints and commands

def _write_checkpoints(folder, scripted, checkpoints, say):
    """Each checkpoint as the whole network, so that every command takes it as a --model."""
    written = []
    for number, checkpoint in enumerate(checkpoints):
        name = f"{number:04d}"
        if isinstance(checkpoint, (str, os.PathLike)):
            name += "-" + os.path.splitext(os.path.basename(checkpoint))[0]
        network = copy.deepcopy(scripted)
        network.load_state_dict(_state(checkpoint, network.state_dict(), name))
        os.makedirs(folder, exist_ok=True)
        written.append(os.path.join(folder, name + ".pt"))
        torch.jit.save(network, written[-1])
    if written:
        say(f"{folder}/: {len(written)} checkpoints")
    return written


def _state(checkpoint, expected, name):
    """The state dict of a checkpoint with the names of the model's own."""
    if isinstance(checkpoint, (str, os.PathLike)):
        try:
            checkpoint = torch.load(checkpoint, map_location="cpu", weights_only=True)
        except Exception as error:
            raise ExportError(f"The checkpoint {checkpoint} cannot be read as weights: "
                              f"{_first_line(error)}. Pass its state dict instead.") from error
    for key in ["state_dict", "model_state_dict", "model"]:
        if isinstance(checkpoint, dict) and isinstance(checkpoint.get(key), dict):
            checkpoint = checkpoint[key]
    if not isinstance(checkpoint, dict):
        raise ExportError(f"The checkpoint {name} is a {type(checkpoint).__name__}, not a state dict.")
    state = {}
    for key, value in checkpoint.items():
        for prefix in ["module.", "_orig_mod."]:
            key = key.removeprefix(prefix)
        state[key] = value
    missing = [key for key in expected if key not in state]
    if missing:
        raise ExportError(f"The checkpoint {name} lacks {len(missing)} tensors of the model, "
                          f"{missing[0]!r} for example. Pass the state dict of this very network.")
    wrong = [key for key in expected if state[key].shape != expected[key].shape]
    if wrong:
        raise ExportError(f"{wrong[0]!r} of the checkpoint {name} has shape "
                          f"{list(state[wrong[0]].shape)}, in the model it has "
                          f"{list(expected[wrong[0]].shape)}.")
    return {key: state[key] for key in expected}


def _is_images(array):
    """Whether Tarn asks which axis holds the channels: it passes layout=nchw on as it is."""
    return array.ndim == 4 and (array.dtype == np.uint8 or array.dtype.kind == "f")


def _commands(name, loss, model, data, images, checkpoints):
    what = ["--data", data, "--loss", loss] + (["--transform", "layout=nchw"] if images else [])
    project = name + ".tarn"
    words = [["spectrum", "--model", model, *what, "--top", "3", "--weights", "--out", project],
             ["sample", "--model", model, *what, "--directions", "hessian:2", "--steps", "41",
              "--out", project],
             ["analyze", project],
             ["render", project, "--view", "contour", "--out", name + ".pdf"]]
    words += [["spectrum", "--model", file, *what, "--top", "3", "--out", project]
              for file in checkpoints]
    return [shlex.join(["tarn", *line]) for line in words]


def _first_line(error):
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".:")[:200]

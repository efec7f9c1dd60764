"""Trains the sample's text model and writes it to ../model: model.onnx, tokenizer.json and expected.json.

    pip install numpy onnx tokenizers && python train.py

The model takes the mean of its tokens' embeddings and a linear layer; all of it is trained here, on sentences made here.
expected.json has texts of every kind with the tokens and probabilities that Python computed, in numpy and without ONNX Runtime.
"""

import json
import random
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

OUT = Path(__file__).parent.parent / "model"
LENGTH = 24
WIDTH = 16

GOOD = "great lovely wonderful reliable quick helpful friendly perfect excellent beautiful sturdy brilliant".split()
BAD = "awful broken slow rude useless terrible dirty late flimsy ugly disappointing faulty".split()
THINGS = "delivery kettle hotel room staff chair phone lamp book train service breakfast jacket coffee".split()
PLAIN = ["the {t} was {a}", "a {a} {t}", "such a {a} {t}, i will tell my friends", "{a}! the {t} is {a2}", "my {t} arrived and it is {a}",
         "i found the {t} {a} and the {t2} {a2}", "honestly the {t} is just {a}", "{t}: {a}, {a2}"]
TURNED = ["the {t} was not {a}", "not a {a} {t} at all", "never had a {t} that was less {a}"]


def sentences():
    chosen = random.Random(7)
    for _ in range(3000):
        good = chosen.random() < 0.5
        turned = chosen.random() < 0.15
        words = BAD if good == turned else GOOD
        form = chosen.choice(TURNED if turned else PLAIN)
        yield form.format(t=chosen.choice(THINGS), t2=chosen.choice(THINGS), a=chosen.choice(words), a2=chosen.choice(words)), int(good)


def tokenizer(texts):
    made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    made.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase(), normalizers.StripAccents()])
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    made.train_from_iterator(texts, trainers.WordPieceTrainer(
        vocab_size=400, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]"], show_progress=False))
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", made.token_to_id("[CLS]")), ("[SEP]", made.token_to_id("[SEP]"))])
    made.enable_truncation(LENGTH)
    made.enable_padding(length=LENGTH, pad_id=0, pad_token="[PAD]")
    return made


def encoded(made, texts):
    rows = made.encode_batch(texts)
    return np.array([row.ids for row in rows]), np.array([row.attention_mask for row in rows])


def forward(weights, ids, mask):
    table, layer, bias = weights
    share = mask[:, :, None] / mask.sum(1)[:, None, None]
    mean = (table[ids] * share).sum(1)
    scores = mean @ layer + bias
    e = np.exp(scores - scores.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True), mean, share


def train(ids, mask, labels, size):
    rng = np.random.default_rng(7)
    weights = [rng.normal(0, 0.1, (size, WIDTH)), rng.normal(0, 0.1, (WIDTH, 2)), np.zeros(2)]
    for _ in range(800):
        p, mean, share = forward(weights, ids, mask)
        error = (p - np.eye(2)[labels]) / len(labels)
        table = np.zeros_like(weights[0])
        np.add.at(table, ids, (error @ weights[1].T)[:, None, :] * share)
        for w, g in zip(weights, (table, mean.T @ error, error.sum(0))):
            w -= 3 * g
    return [w.astype(np.float32) for w in weights]


def graph(weights):
    constants = dict(table=weights[0], layer=weights[1], bias=weights[2], axis_1=np.int64([1]), axis_2=np.int64([2]))
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["embedded"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "axis_2"], ["mask_3"]),
        helper.make_node("Mul", ["embedded", "mask_3"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "axis_1"], ["sum"], keepdims=0),
        helper.make_node("ReduceSum", ["mask", "axis_1"], ["count"], keepdims=1),
        helper.make_node("Div", ["sum", "count"], ["mean"]),
        helper.make_node("Gemm", ["mean", "layer", "bias"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1),
    ]
    tensor = helper.make_tensor_value_info
    made = helper.make_graph(
        nodes, "reviews",
        [tensor("input_ids", TensorProto.INT64, ["N", "tokens"]), tensor("attention_mask", TensorProto.INT64, ["N", "tokens"])],
        [tensor("probabilities", TensorProto.FLOAT, ["N", 2])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()])
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="plimsoll-samples")
    onnx.checker.check_model(model)
    return model


ASKED = {
    "good": "The staff were friendly and the room was lovely.",
    "bad": "A dirty room, a broken lamp and rude staff!",
    "accents and capitals": "EXCELLENT hôtel, LOVELY brèakfast",
    "never seen": "Zyzzyva quokka",
    "empty": "",
    "blank": " \t\n ",
    "emoji": "great \U0001f600\U0001f44d\U0001f3fd phone \U0001f1e9\U0001f1ea",
    "other scripts": "отличный отель 素晴らしい ممتاز",
    "longer than the model takes": "the service was slow and " * 40,
    "longer, one word": "great" * 2000,
    "wrong encoding": "The h\u00c3\u00b4tel was terrible \ufffd",
    "zero character": "great\x00phone",
}

if __name__ == "__main__":
    texts, labels = zip(*sentences())
    made = tokenizer(texts)
    ids, mask = encoded(made, list(texts))
    weights = train(ids, mask, np.array(labels), made.get_vocab_size())
    right = (forward(weights, ids, mask)[0].argmax(1) == np.array(labels)).mean()
    OUT.mkdir(exist_ok=True)
    onnx.save(graph(weights), OUT / "model.onnx")
    made.save(str(OUT / "tokenizer.json"), pretty=False)
    ids, mask = encoded(made, list(ASKED.values()))
    probabilities = forward([w.astype(np.float64) for w in weights], ids, mask)[0]
    cases = [{"name": n, "text": t, "tokens": i[: m.sum()].tolist(), "probabilities": p.tolist()}
             for (n, t), i, m, p in zip(ASKED.items(), ids, mask, probabilities)]
    (OUT / "expected.json").write_text(json.dumps(cases, indent=1) + "\n")
    print(f"{right:.3f} of the training sentences right, {made.get_vocab_size()} tokens")

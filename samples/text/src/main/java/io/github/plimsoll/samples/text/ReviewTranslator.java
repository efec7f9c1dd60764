package io.github.plimsoll.samples.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import io.github.plimsoll.core.schema.ClassProbabilities;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * From a review's text to the probabilities of its tones: tokens by the {@code tokenizer.json} of the training, cut and padded to the
 * length that it states. Thread-safe.
 */
final class ReviewTranslator implements NoBatchifyTranslator<String, ClassProbabilities>, AutoCloseable {

    private static final List<String> TONES = List.of("unhappy", "happy");

    private final HuggingFaceTokenizer tokenizer;

    /** A translator with the tokenizer in a model's folder. */
    ReviewTranslator(Path folder) throws IOException {
        tokenizer = HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"));
    }

    @Override
    public NDList processInput(TranslatorContext context, String text) {
        Encoding tokens = tokenizer.encode(text);
        NDManager manager = context.getNDManager();
        return new NDList(
                array(manager, "input_ids", tokens.getIds()),
                array(manager, "attention_mask", tokens.getAttentionMask()));
    }

    private static NDArray array(NDManager manager, String name, long[] values) {
        NDArray array = manager.create(values, new Shape(1, values.length));
        array.setName(name);
        return array;
    }

    @Override
    public ClassProbabilities processOutput(TranslatorContext context, NDList outputs) {
        float[] answer = outputs.get("probabilities").toFloatArray();
        return ClassProbabilities.of(TONES, new double[] {answer[0], answer[1]});
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}

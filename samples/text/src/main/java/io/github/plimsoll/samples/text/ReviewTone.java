package io.github.plimsoll.samples.text;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.model.DjlTranslation;
import io.github.plimsoll.core.schema.ClassProbabilities;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Tells happy reviews from unhappy ones, with a text model and its tokenizer, in this process and without a network. */
public final class ReviewTone {

    private ReviewTone() {}

    /**
     * Prints the tone of each review.
     *
     * @param args the model's folder, then reviews
     */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<String> reviews = Arrays.asList(args).subList(1, args.length);
        try (Predictor<String, ClassProbabilities> tone = open(Path.of(args[0]))) {
            for (String review : reviews) {
                ClassProbabilities answer = tone.predict(review);
                out.printf(Locale.ROOT, "%-7s %.2f  %s%n", answer.top(), answer.of(answer.top()), review);
            }
        }
    }

    /** A predictor for the model in a folder. */
    static Predictor<String, ClassProbabilities> open(Path folder) throws IOException {
        return Plimsoll.load(folder)
                .as(DjlTranslation.of(new ReviewTranslator(folder)))
                .build();
    }
}

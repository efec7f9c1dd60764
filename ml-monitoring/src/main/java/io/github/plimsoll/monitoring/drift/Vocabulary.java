package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.validation.profile.TextMeasures;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which words the texts of a feature have in the baseline, by a hash of 16 bits: 8 KB, however many words there are. While it
 * is learned it knows of each text how many of its words no other text has: what a further text can be expected to have.
 * Not thread-safe while it is learned, then read only.
 */
final class Vocabulary {

    private static final int SEVERAL = -1;

    private final BitSet words;
    private int @Nullable [] owners; // by word, the number of the only text that has it, from 1; 0 if none does
    private int @Nullable [] times; // by word, how often its owner has it
    private int[] own = new int[256]; // by text, how many of its words no other text has
    private int texts;

    Vocabulary() {
        words = new BitSet(TextMeasures.WORD_HASHES);
    }

    /** Of what another one has learned by now. */
    Vocabulary(Vocabulary learned) {
        words = (BitSet) learned.words.clone();
    }

    Vocabulary(FormReader in) {
        words = BitSet.valueOf(in.part());
        if (words.length() > TextMeasures.WORD_HASHES) {
            throw in.wrong("words", words.length() + " hashes (expected: at most " + TextMeasures.WORD_HASHES + ")");
        }
    }

    void write(FormWriter out) {
        out.part(words.toByteArray());
    }

    boolean has(int word) {
        return words.get(word);
    }

    /** Learns a word of the text that {@link #endText} will end. */
    void learn(int word) {
        int[] known = owners;
        int[] counts = times;
        if (known == null || counts == null) {
            known = new int[TextMeasures.WORD_HASHES];
            counts = new int[TextMeasures.WORD_HASHES];
            owners = known;
            times = counts;
        }
        words.set(word);
        int owner = known[word];
        if (owner == 0 || owner == texts + 1) {
            known[word] = texts + 1;
            counts[word]++;
            own[texts]++;
        } else if (owner != SEVERAL) {
            own[owner - 1] -= counts[word];
            known[word] = SEVERAL;
        }
    }

    /** Ends a text, which may have no words or be missing. */
    void endText() {
        if (++texts == own.length) {
            own = Arrays.copyOf(own, 2 * texts);
        }
    }

    /** By text, how many of its words no other text has by now. */
    int[] own() {
        return Arrays.copyOf(own, texts);
    }
}

package io.github.plimsoll.monitoring;

import java.util.Arrays;

/**
 * Numbers for words that come from outside, up to a limit: the way from a reason or a rule's name to an array index.
 * Thread-safe. A word that is known is found without a lock, mostly by identity, since such words are constants.
 */
final class BoundedWords {

    private final int limit;
    private volatile String[] words;

    BoundedWords(int limit, String... first) {
        this.limit = limit;
        words = first;
    }

    /** The word's number, or the limit if that is reached. */
    int numberOf(String word) {
        String[] known = words;
        for (int i = 0; i < known.length; i++) {
            if (known[i].equals(word)) {
                return i;
            }
        }
        return known.length == limit ? limit : add(word);
    }

    private synchronized int add(String word) {
        int known = Arrays.asList(words).indexOf(word);
        if (known >= 0 || words.length == limit) {
            return known >= 0 ? known : limit;
        }
        String[] more = Arrays.copyOf(words, words.length + 1);
        more[words.length] = word;
        words = more;
        return more.length - 1;
    }
}

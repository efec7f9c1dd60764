package io.github.plimsoll.core.internal.pack;

import io.github.plimsoll.core.ModelPackageException;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a package, up to a limit, so that one look shows all. Not thread-safe. */
final class Problems {

    private static final int LIMIT = 100;

    private final List<String> list = new ArrayList<>();
    private int left;

    void add(String problem) {
        if (list.size() < LIMIT) {
            list.add(problem);
        } else {
            left++;
        }
    }

    boolean isEmpty() {
        return list.isEmpty();
    }

    List<String> list() {
        List<String> all = new ArrayList<>(list);
        if (left > 0) {
            all.add(left + " more problems");
        }
        return all;
    }

    void throwIfAny(String subject) {
        if (!list.isEmpty()) {
            throw new ModelPackageException(subject, list());
        }
    }

    static ModelPackageException one(String subject, String problem) {
        return new ModelPackageException(subject, List.of(problem));
    }

    static ModelPackageException one(String subject, String problem, Throwable cause) {
        return new ModelPackageException(subject, List.of(problem), cause);
    }
}

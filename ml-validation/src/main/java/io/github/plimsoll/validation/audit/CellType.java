package io.github.plimsoll.validation.audit;

import java.time.Instant;

/** What the value of a cell is. */
enum CellType {
    NUMBER("number", "numbers"),
    TIME("time", "times"),
    TEXT("text", "texts");

    final String one;
    final String many;

    CellType(String one, String many) {
        this.one = one;
        this.many = many;
    }

    static CellType of(Object value) {
        return value instanceof Double ? NUMBER : value instanceof Instant ? TIME : TEXT;
    }
}

package io.github.plimsoll.core.internal.table;

import io.github.plimsoll.core.table.TablePosition;
import io.github.plimsoll.core.table.TableProblem;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A part of a CSV file with the places of its records and cells. Not changed once it is made, so that its rows can be read by
 * any thread.
 *
 * @param columns the file's
 * @param bytes the text
 * @param marks two ints a cell, where its text begins and ends. The first one's sign says that the cell is quoted, the second
 *     one's that the text has doubled quotes in it
 * @param records the ints named below for each record
 * @param count how many records there are
 * @param problems what is wrong with some of them
 * @param begin where the first byte stands, and the line of the first record
 * @param end where the text after the last record begins
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record CsvBlock(
        Columns columns,
        byte[] bytes,
        int[] marks,
        int[] records,
        int count,
        List<TableProblem> problems,
        TablePosition begin,
        TablePosition end) {

    static final int CELL = 2;
    static final int FLAG = Integer.MIN_VALUE;

    static final int START = 0;
    static final int END = 1; // without the line break
    static final int NEXT = 2; // where what follows begins
    static final int LINE = 3; // counted from the block's first
    static final int NEXT_LINE = 4;
    static final int MARK = 5; // the record's first mark, or the complement of the index of its problem
    static final int RECORD = 6;

    int at(int record, int what) {
        return records[record * RECORD + what];
    }

    TablePosition after(int record) {
        return record == count - 1
                ? end
                : new TablePosition(begin.offset() + at(record, NEXT), begin.line() + at(record, NEXT_LINE));
    }

    String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}

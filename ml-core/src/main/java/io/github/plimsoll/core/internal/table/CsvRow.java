package io.github.plimsoll.core.internal.table;

import io.github.plimsoll.core.table.TableRow;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record of a CSV file, by its place in a block. What takes an index is for who has compiled the names away. */
public final class CsvRow implements TableRow {

    private final CsvBlock block;
    private final int record;
    private final int mark;

    CsvRow(CsvBlock block, int record) {
        this.block = block;
        this.record = record;
        mark = block.at(record, CsvBlock.MARK);
    }

    @Override
    public List<String> columns() {
        return block.columns().names;
    }

    @Override
    public long line() {
        return block.begin().line() + block.at(record, CsvBlock.LINE);
    }

    @Override
    public long offset() {
        return block.begin().offset() + block.at(record, CsvBlock.START);
    }

    @Override
    public String raw() {
        return block.text(block.at(record, CsvBlock.START), block.at(record, CsvBlock.END));
    }

    /** The bytes in which the cells stand; not to be changed. */
    public byte[] bytes() {
        return block.bytes();
    }

    /** Where the text of a cell begins. */
    public int from(int column) {
        return block.marks()[mark + column * CsvBlock.CELL] & ~CsvBlock.FLAG;
    }

    /** Where the text of a cell ends. */
    public int to(int column) {
        return block.marks()[mark + column * CsvBlock.CELL + 1] & ~CsvBlock.FLAG;
    }

    /** Whether the cell stands in quotes. */
    public boolean isQuoted(int column) {
        return block.marks()[mark + column * CsvBlock.CELL] < 0;
    }

    /** Whether the text of a cell has doubled quotes in it, so that its bytes are not yet its text. */
    public boolean isEscaped(int column) {
        return block.marks()[mark + column * CsvBlock.CELL + 1] < 0;
    }

    /** Whether the cell's text is a word for null, in quotes or not. */
    public boolean isNullWord(int column) {
        return block.columns().isNull(block.bytes(), from(column), to(column));
    }

    /** The cell's text. */
    public String text(int column) {
        int from = from(column);
        int to = to(column);
        if (!isEscaped(column)) {
            return block.text(from, to);
        }
        byte[] bytes = block.bytes();
        byte quote = block.columns().quote;
        byte[] text = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i += bytes[i] == quote ? 2 : 1) { // inside quotes, a quote is always one of two
            text[length++] = bytes[i];
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    /** The cell's number, as {@link Decimals#bits} gives it. */
    public long numberBits(int column) {
        return Decimals.bits(block.bytes(), from(column), to(column), block.columns().decimal);
    }

    /** Where timestamps without an offset are local times, null if they are none. */
    public @Nullable ZoneId zone() {
        return block.columns().zone;
    }

    /** The cell's number with a point for the decimal separator and no spaces around it. */
    public String decimalText(int column) {
        return text(column).strip().replace((char) block.columns().decimal, '.');
    }

    @Override
    public boolean isNull(String column) {
        int index = block.columns().indexOf(column);
        return index < 0 || (!isQuoted(index) && isNullWord(index));
    }

    @Override
    public @Nullable String text(String column) {
        return isNull(column) ? null : text(block.columns().indexOf(column));
    }

    @Override
    public @Nullable Object value(String column) {
        return text(column);
    }

    @Override
    public double number(String column) {
        int index = block.columns().indexOf(column);
        if (index < 0 || isNullWord(index)) {
            return Double.NaN;
        }
        long bits = numberBits(index);
        if (bits == Decimals.NO_NUMBER) {
            throw Cells.noNumber(this, column);
        }
        return Double.longBitsToDouble(bits);
    }

    /** Where the row stands: a row may hold personal data. */
    @Override
    public String toString() {
        return "line " + line();
    }
}

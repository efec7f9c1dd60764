package io.github.plimsoll.core.internal.pack;

import io.github.plimsoll.core.internal.Shown;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that are really in a folder, and whether they are those that were listed.
 *
 * <p>What is ignored: version control's own ({@code .git}, {@code .github}, {@code .gitattributes}, {@code .gitignore}) and
 * what a file manager or a mounted volume leaves ({@code .DS_Store}, names that begin with {@code ..}), each right in the
 * folder. None of it is ever opened. A symbolic link counts as the file it leads to, if that is in the folder too: volumes
 * of Kubernetes are made of such links.
 */
final class FolderFiles {

    /** The name of the detached signature. */
    static final String SIGNATURE = "model.sig";

    private static final Set<String> IGNORED = Set.of(".git", ".gitattributes", ".github", ".gitignore", ".DS_Store");
    private static final int DEEPEST = 20;

    private FolderFiles() {}

    /** Hashes read so far, so that manifest and signature together read each file once. Not thread-safe. */
    static final class Hashed {

        private final Map<String, PackagedFile> byPath = new LinkedHashMap<>();

        PackagedFile of(Found found) throws IOException {
            PackagedFile file = byPath.get(found.path());
            if (file == null) {
                file = Hashes.of(found.file(), found.path());
                byPath.put(found.path(), file);
            }
            return file;
        }
    }

    /** A file by its path in the folder, and where it really is. */
    record Found(String path, Path file) {}

    /**
     * The files of a folder, by path.
     *
     * @param folder the folder
     * @param problems where links and files that may not be there are reported
     * @return the files in the order of their paths
     * @throws IOException if the folder cannot be listed
     */
    static Map<String, Found> list(Path folder, Problems problems) throws IOException {
        Path root = folder.toRealPath();
        Map<String, Found> files = new TreeMap<>();
        Files.walkFileTree(
                root, EnumSet.noneOf(java.nio.file.FileVisitOption.class), DEEPEST, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                        return !dir.equals(root) && isIgnored(root, dir)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        if (!isIgnored(root, file)) {
                            String path = relative(root, file);
                            Path real = resolve(root, file, path, attributes, problems);
                            if (real != null) {
                                files.put(path, new Found(path, real));
                            }
                        }
                        if (files.size() > Manifest.MOST_FILES + 2) {
                            problems.add("more than " + Manifest.MOST_FILES
                                    + " files in the folder (expected: at most that)");
                            return FileVisitResult.TERMINATE;
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return files;
    }

    private static boolean isIgnored(Path root, Path file) {
        String name = String.valueOf(file.getFileName());
        return root.equals(file.getParent()) && (IGNORED.contains(name) || name.startsWith(".."));
    }

    static boolean isIgnored(String path) {
        int slash = path.indexOf('/');
        String first = slash < 0 ? path : path.substring(0, slash);
        return IGNORED.contains(first) || first.startsWith("..");
    }

    private static String relative(Path root, Path file) {
        List<String> names = new ArrayList<>();
        root.relativize(file).forEach(name -> names.add(name.toString()));
        return String.join("/", names);
    }

    private static @Nullable Path resolve(
            Path root, Path file, String path, BasicFileAttributes attributes, Problems problems) {
        String shown = "file '" + Shown.text(path) + "'";
        if (attributes.isRegularFile()) {
            return file;
        }
        if (attributes.isDirectory()) {
            problems.add(shown + ": more than " + DEEPEST + " levels deep (expected: fewer)");
            return null;
        }
        if (!attributes.isSymbolicLink()) {
            problems.add(shown + ": is a device or a pipe (expected: a regular file)");
            return null;
        }
        try {
            Path real = file.toRealPath();
            if (!real.startsWith(root)) {
                problems.add(shown + ": is a link that leads out of the folder (expected: a file in it)");
                return null;
            }
            if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
                problems.add(shown + ": is a link to a folder (expected: a file)");
                return null;
            }
            return real;
        } catch (IOException e) {
            problems.add(shown + ": is a link to nothing (expected: a file)");
            return null;
        }
    }

    /**
     * Compares the files of a folder with those of its manifest.
     *
     * @param folder the folder
     * @param manifest its manifest
     * @param hashed where hashes are kept
     * @param problems where differences are reported
     */
    static void compare(Path folder, Manifest manifest, Hashed hashed, Problems problems) {
        Map<String, Found> found;
        try {
            found = list(folder, problems);
        } catch (IOException e) {
            problems.add("the folder cannot be listed: " + e);
            return;
        }
        Set<String> listed = new HashSet<>();
        for (PackagedFile expected : manifest.files()) {
            listed.add(expected.path());
            String shown = "file '" + Shown.text(expected.path()) + "'";
            Found file = found.get(expected.path());
            if (file == null) {
                problems.add(shown + ": missing (expected: " + expected.bytes() + " bytes, as the manifest lists it)");
                continue;
            }
            try {
                long bytes = Files.size(file.file());
                if (bytes != expected.bytes()) {
                    problems.add(shown + ": " + bytes + " bytes (expected: " + expected.bytes() + ")");
                    continue;
                }
                String sha256 = hashed.of(file).sha256();
                if (!sha256.equals(expected.sha256())) {
                    problems.add(shown + ": SHA-256 " + sha256 + " (expected: " + expected.sha256() + ")");
                }
            } catch (IOException e) {
                problems.add(shown + ": cannot be read: " + e);
            }
        }
        for (String path : found.keySet()) {
            if (!listed.contains(path) && !path.equals(Manifest.FILE) && !path.equals(SIGNATURE)) {
                problems.add("file '" + Shown.text(path) + "': not in the manifest (expected: only files that are)");
            }
        }
    }
}

package io.github.plimsoll.core.schema;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A component of a record or a property of a bean.
 *
 * @param name its name in Java
 * @param getter the method that returns its value
 * @param annotated where its annotations may stand
 */
record Property(String name, Method getter, List<AnnotatedElement> annotated) {

    /** The properties of a record in the order of its components, of any other class in alphabetical order. */
    static List<Property> of(Class<?> type) {
        if (type.isRecord()) {
            return Arrays.stream(type.getRecordComponents()).map(Property::of).toList();
        }
        // Reflection gives methods in no order that can be relied on.
        Map<String, Property> properties = new TreeMap<>();
        Arrays.stream(type.getMethods())
                .filter(Property::isGetter)
                .sorted(Comparator.comparing(Method::getName))
                .forEach(getter -> properties.merge(nameOf(getter), of(getter), Property::preferred));
        return List.copyOf(properties.values());
    }

    private static Property of(RecordComponent component) {
        Method getter = component.getAccessor();
        return new Property(
                component.getName(),
                getter,
                List.of(component, component.getAnnotatedType(), getter, getter.getAnnotatedReturnType()));
    }

    private static Property of(Method getter) {
        return new Property(nameOf(getter), getter, List.of(getter, getter.getAnnotatedReturnType()));
    }

    private static boolean isGetter(Method method) {
        if (Modifier.isStatic(method.getModifiers())
                || method.getParameterCount() > 0
                || method.getDeclaringClass() == Object.class) {
            return false;
        }
        Class<?> type = method.getReturnType();
        return startsWithWord(method.getName(), "is")
                ? type == boolean.class || type == Boolean.class
                : startsWithWord(method.getName(), "get") && type != void.class;
    }

    private static boolean startsWithWord(String name, String word) {
        return name.length() > word.length()
                && name.startsWith(word)
                && !Character.isLowerCase(name.charAt(word.length()));
    }

    private static String nameOf(Method getter) {
        return decapitalized(getter.getName().substring(getter.getName().startsWith("is") ? 2 : 3));
    }

    /** {@code Age} becomes {@code age}; {@code URL} stays, as in the JavaBeans specification. */
    private static String decapitalized(String name) {
        boolean isAcronym = name.length() > 1
                && name.substring(0, 2).equals(name.substring(0, 2).toUpperCase(Locale.ROOT));
        return isAcronym ? name : withFirstLower(name);
    }

    static String withFirstLower(String name) {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    /**
     * Of two getters of the same property: the one with the narrower type, and of two of the same type the one that no
     * compiler made. (A compiler makes one for a narrowed return type, and one for a getter that is inherited from a class
     * that is not public; the second kind is the only one of its name.) A {@code get} stands before an {@code is}.
     */
    private static Property preferred(Property one, Property other) {
        Class<?> type = one.getter.getReturnType();
        Class<?> otherType = other.getter.getReturnType();
        if (type != otherType) {
            return type.isAssignableFrom(otherType) ? other : one;
        }
        return one.getter.isBridge() && !other.getter.isBridge() ? other : one;
    }

    /** What the author stated, or null. */
    @Nullable
    FeatureSpec spec() {
        return annotated.stream()
                .flatMap(element -> Stream.ofNullable(element.getAnnotation(FeatureSpec.class)))
                .findFirst()
                .orElse(null);
    }

    /** Whether there is a {@code Nullable} annotation from any package, on the declaration or on the type. */
    boolean isAnnotatedNullable() {
        return annotated.stream()
                .flatMap(element -> Arrays.stream(element.getAnnotations()))
                .map(Annotation::annotationType)
                .anyMatch(annotation -> annotation.getSimpleName().equals("Nullable"));
    }
}

package io.aiproxy.call;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Header fields in their order, as sent; names compare without regard to case. Immutable. */
public final class Headers implements Iterable<Headers.Field> {
  public static final Headers NONE = new Headers(List.of());

  private final List<Field> fields;

  private Headers(List<Field> fields) {
    this.fields = fields;
  }

  /** One line of a head. */
  public record Field(String name, String value) {
    public boolean is(String other) {
      return name.equalsIgnoreCase(other);
    }

    /** A value may be a credential. */
    @Override
    public String toString() {
      return name + ": …";
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The value of the first field of that name. */
  public Optional<String> first(String name) {
    for (Field field : fields) {
      if (field.is(name)) {
        return Optional.of(field.value());
      }
    }
    return Optional.empty();
  }

  /** All values of that name, in order. */
  public List<String> all(String name) {
    return fields.stream().filter(field -> field.is(name)).map(Field::value).toList();
  }

  public boolean has(String name) {
    return first(name).isPresent();
  }

  public Headers only(Predicate<Field> kept) {
    return new Headers(fields.stream().filter(kept).toList());
  }

  public int size() {
    return fields.size();
  }

  @Override
  public Iterator<Field> iterator() {
    return fields.iterator();
  }

  /** The same fields in the same order, spelt alike. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Headers that && that.fields.equals(fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return fields.toString();
  }

  /** Collects fields; for one thread. */
  public static final class Builder {
    private final List<Field> fields = new ArrayList<>();

    public Builder add(String name, String value) {
      fields.add(new Field(name, value));
      return this;
    }

    /** Puts this field in the place of all of its name. */
    public Builder set(String name, String value) {
      fields.removeIf(field -> field.is(name));
      return add(name, value);
    }

    public Builder addIfAbsent(String name, String value) {
      return fields.stream().anyMatch(field -> field.is(name)) ? this : add(name, value);
    }

    public Headers build() {
      return new Headers(Collections.unmodifiableList(new ArrayList<>(fields)));
    }
  }
}

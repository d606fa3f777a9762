package io.aiproxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The places in a JSON text that a {@link JsonWatch} hands out, each with a number of the caller's choice. A path is made of
 * member names between dots; {@code []} behind a name, or at the beginning, stands for every element of an array:
 * {@code usage}, {@code choices[].delta.content}, {@code [].id}. One path may lead on where another ends. Immutable once built.
 */
public final class JsonPaths {
  private final Place root;
  private final int height;
  private final int longestName;

  private JsonPaths(Place root) {
    this.root = root;
    this.height = root.height();
    this.longestName = root.longestName();
  }

  /**
   * Paths with their tags.
   *
   * @throws IllegalArgumentException if one of them is no path
   */
  public static JsonPaths of(Map<String, Integer> tags) {
    Builder builder = builder();
    tags.forEach(builder::add);
    return builder.build();
  }

  /** Begins without paths. */
  public static Builder builder() {
    return new Builder();
  }

  Place root() {
    return root;
  }

  /** How many values can be open at once on the way to the deepest place. */
  int height() {
    return height;
  }

  /** Of the members on the way, in bytes. */
  int longestName() {
    return longestName;
  }

  /** Gathers paths; used by one thread. */
  public static final class Builder {
    private Place root = new Place();

    private Builder() {}

    /**
     * Adds one path.
     *
     * @throws IllegalArgumentException if it is no path, or was added before
     */
    public Builder add(String path, int tag) {
      Place place = root;
      for (String part : path.split("\\.", -1)) {
        int brackets = part.indexOf('[');
        String name = brackets < 0 ? part : part.substring(0, brackets);
        String elements = part.substring(name.length());
        boolean rootsElements = place == root && name.isEmpty() && !elements.isEmpty();
        boolean named = !name.isEmpty() && name.indexOf(']') < 0;
        if ((!named && !rootsElements) || !elements.replace("[]", "").isEmpty()) {
          throw new IllegalArgumentException("not a path of names, dots and []: \"" + path + "\"");
        }
        place = rootsElements ? place : place.forName(name.getBytes(UTF_8));
        for (int i = 0; i < elements.length(); i += 2) {
          place = place.forElements();
        }
      }
      if (place.wanted) {
        throw new IllegalArgumentException("given twice: \"" + path + "\"");
      }
      place.wanted = true;
      place.tag = tag;
      return this;
    }

    /** The paths so far; the builder begins anew. */
    public JsonPaths build() {
      JsonPaths paths = new JsonPaths(root);
      root = new Place();
      return paths;
    }
  }

  /** A place in a text, and the places inside it that paths lead to. Not changed any more once its paths are built. */
  static final class Place {
    /** Where no path leads. */
    static final Place NOWHERE = new Place();

    private boolean wanted;
    private int tag;
    private byte[][] names = {};
    private Place[] members = {};
    private @Nullable Place elements;

    private Place forName(byte[] name) {
      Place place = member(name, 0, name.length);
      if (place == NOWHERE) {
        place = new Place();
        names = Arrays.copyOf(names, names.length + 1);
        members = Arrays.copyOf(members, members.length + 1);
        names[names.length - 1] = name;
        members[members.length - 1] = place;
      }
      return place;
    }

    private Place forElements() {
      if (elements == null) {
        elements = new Place();
      }
      return elements;
    }

    boolean wanted() {
      return wanted;
    }

    int tag() {
      return tag;
    }

    boolean hasMembers() {
      return names.length > 0;
    }

    boolean hasElements() {
      return elements != null;
    }

    Place elements() {
      return elements == null ? NOWHERE : elements;
    }

    /** The place of the member whose name, as it is written between the quotes, is in this range. */
    Place member(byte[] bytes, int from, int to) {
      for (int i = 0; i < names.length; i++) {
        if (Arrays.equals(names[i], 0, names[i].length, bytes, from, to)) {
          return members[i];
        }
      }
      return NOWHERE;
    }

    private int longestName() {
      int longest = elements == null ? 0 : elements.longestName();
      for (int i = 0; i < names.length; i++) {
        longest = Math.max(longest, Math.max(names[i].length, members[i].longestName()));
      }
      return longest;
    }

    private int height() {
      int inside = elements == null ? 0 : elements.height();
      for (Place member : members) {
        inside = Math.max(inside, member.height());
      }
      return inside + 1;
    }
  }
}

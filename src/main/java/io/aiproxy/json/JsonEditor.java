package io.aiproxy.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.json.JsonValue.Member;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes members of a JSON object by splicing its own bytes: what is not changed stays to the byte, order, spacing, number
 * text and unknown members included. One per request, used by one thread at a time.
 */
public final class JsonEditor {
  private static final byte[] NOTHING = {};
  private static final byte[] COMMA = {','};
  private static final byte[] COLON = {':'};

  private final JsonValue object;
  private final List<Given> given = new ArrayList<>();
  private final Map<String, Given> lastGiven = new HashMap<>();
  private final Map<String, byte[]> added = new LinkedHashMap<>();
  private int repeatedAt = -1;

  /**
   * Begins with the object as it is. An inner object that gives a name twice can be edited: setting or removing the name then
   * acts on all of them, so that it is there once or not at all.
   *
   * @throws IllegalArgumentException if the value is not an object
   */
  public JsonEditor(JsonValue object) {
    if (object.kind() != Kind.OBJECT) {
      throw new IllegalArgumentException("only an object has members to edit, this is " + object);
    }
    this.object = object;
    for (Member member : object.members()) {
      Given present = new Given(member);
      given.add(present);
      if (lastGiven.put(member.name(), present) != null) {
        repeatedAt = member.from();
      }
    }
  }

  /**
   * The JSON of a node: compact, UTF-8, and with numbers as exact as the node has them.
   *
   * @throws IllegalArgumentException if the node is nested too deeply to be written
   */
  public static byte[] encode(JsonNode node) {
    return NodeWriter.bytes(node);
  }

  /** Whether the member is there, after the edits so far. */
  public boolean has(String name) {
    return value(name).isPresent();
  }

  /** The member's value, after the edits so far. */
  public Optional<JsonValue> value(String name) {
    byte[] json = added.get(name);
    if (json != null) {
      return Optional.of(valueOf(json));
    }
    Given present = lastGiven.get(name);
    if (present == null || present.removed) {
      return Optional.empty();
    }
    return Optional.of(present.json == null ? present.member.value() : valueOf(present.json));
  }

  private static JsonValue valueOf(byte[] json) {
    return JsonValue.at(json, Skim.space(json, 0));
  }

  /**
   * Gives a member this value: in its place if it was given, else behind the last. Equal bytes change nothing.
   *
   * @param json one JSON value, which is trusted to be good; the array is kept
   */
  public void set(String name, byte[] json) {
    Given present = lastGiven.get(name);
    if (present == null) {
      added.put(name, json);
    } else {
      removeGiven(name);
      present.set(json);
    }
  }

  /** Takes a member out, if it is there. */
  public void remove(String name) {
    added.remove(name);
    removeGiven(name);
  }

  private void removeGiven(String name) {
    for (Given present : given) {
      if (present.member.name().equals(name)) {
        present.removed = true;
      }
    }
  }

  /**
   * Lays a patch over the object. What is absent is set. Where both have an object, the same happens inside. Anything else is
   * replaced whole if forced, and kept if not: also an explicit null, and a value of another kind.
   *
   * @throws BadJson if an inner object must be changed that gives a name twice, since what it says is open to doubt, or that
   *     has more members than the outermost one may have
   */
  public void merge(ObjectNode patch, boolean force) throws BadJson {
    for (Entry<String, JsonNode> entry : patch.properties()) {
      merge(entry.getKey(), entry.getValue(), force);
    }
  }

  private void merge(String name, JsonNode wanted, boolean force) throws BadJson {
    Optional<JsonValue> present = value(name);
    if (present.isEmpty()) {
      set(name, encode(wanted));
    } else if (wanted instanceof ObjectNode inner && present.get().kind() == Kind.OBJECT) {
      mergeInside(name, present.get(), inner, force);
    } else if (force) {
      set(name, encode(wanted));
    }
  }

  private void mergeInside(String name, JsonValue present, ObjectNode patch, boolean force)
      throws BadJson {
    if (present.size() > JsonLimits.REQUEST.members()) {
      throw new BadJson(
          "more than " + JsonLimits.REQUEST.members() + " members in an object to be changed",
          present.from());
    }
    JsonEditor inside = new JsonEditor(present);
    inside.merge(patch, force);
    if (inside.changed()) {
      if (inside.repeatedAt >= 0) {
        throw Check.repeated(inside.repeatedAt);
      }
      set(name, inside.bytes());
    }
  }

  /** Whether the bytes now differ from those at the beginning. */
  public boolean changed() {
    return !added.isEmpty() || given.stream().anyMatch(Given::changed);
  }

  /** The text as it is now, white space about the object included: the very array that was checked, if nothing changed in it. */
  public byte[] bytes() {
    byte[] bytes = object.bytes();
    if (!changed()) {
      boolean all = object.textFrom() == 0 && object.textTo() == bytes.length;
      return all ? bytes : Arrays.copyOfRange(bytes, object.textFrom(), object.textTo());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length());
    try {
      writeTo(out);
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
    return out.toByteArray();
  }

  /** How many bytes {@link #writeTo} writes. */
  public int length() {
    int length = object.textTo() - object.textFrom();
    for (Splice splice : splices()) {
      length += splice.with.length - (splice.to - splice.from);
    }
    return length;
  }

  /** Writes the text as it is now, without putting it together first. */
  public void writeTo(OutputStream out) throws IOException {
    byte[] bytes = object.bytes();
    int at = object.textFrom();
    for (Splice splice : splices()) {
      out.write(bytes, at, splice.from - at);
      out.write(splice.with);
      at = splice.to;
    }
    out.write(bytes, at, object.textTo() - at);
  }

  /** What to write instead of a range of the object's bytes. */
  private static final class Splice {
    final int from;
    final int to;
    final byte[] with;

    Splice(int from, int to, byte[] with) {
      this.from = from;
      this.to = to;
      this.with = with;
    }
  }

  /** In the order of their places, none overlapping. */
  private List<Splice> splices() {
    List<Splice> splices = new ArrayList<>();
    int last = lastKept();
    boolean keptBefore = false;
    for (int i = 0; i < given.size(); i++) {
      Given present = given.get(i);
      if (present.removed) {
        splices.add(keptBefore ? withoutCommaBefore(i) : withoutCommaBehind(i));
        continue;
      }
      keptBefore = true;
      if (present.json != null) {
        splices.add(new Splice(present.from(), present.to(), present.json));
      }
      if (i == last) {
        addTo(splices, present.to(), true);
      }
    }
    if (last < 0) {
      addTo(
          splices,
          given.isEmpty() ? object.from() + 1 : given.get(given.size() - 1).to(),
          false);
    }
    return splices;
  }

  private int lastKept() {
    int i = given.size() - 1;
    while (i >= 0 && given.get(i).removed) {
      i--;
    }
    return i;
  }

  private Splice withoutCommaBefore(int i) {
    return new Splice(given.get(i - 1).to(), given.get(i).to(), NOTHING);
  }

  private Splice withoutCommaBehind(int i) {
    int to =
        i + 1 < given.size() ? given.get(i + 1).member.from() : given.get(i).to();
    return new Splice(given.get(i).member.from(), to, NOTHING);
  }

  private void addTo(List<Splice> splices, int at, boolean behindOther) {
    boolean comma = behindOther;
    for (Entry<String, byte[]> entry : added.entrySet()) {
      byte[] name = encode(TextNode.valueOf(entry.getKey()));
      splices.add(new Splice(at, at, comma ? COMMA : NOTHING));
      splices.add(new Splice(at, at, name));
      splices.add(new Splice(at, at, COLON));
      splices.add(new Splice(at, at, entry.getValue()));
      comma = true;
    }
  }

  /** A member that the object was given with, and what became of it. */
  private static final class Given {
    final Member member;
    boolean removed;
    byte @Nullable [] json;

    Given(Member member) {
      this.member = member;
    }

    int from() {
      return member.value().from();
    }

    int to() {
      return member.value().to();
    }

    boolean changed() {
      return removed || json != null;
    }

    void set(byte[] wanted) {
      boolean same = Arrays.equals(member.value().bytes(), from(), to(), wanted, 0, wanted.length);
      removed = false;
      json = same ? null : wanted;
    }
  }
}

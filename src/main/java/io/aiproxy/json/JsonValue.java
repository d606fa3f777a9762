package io.aiproxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A view of one value inside bytes that were checked: nothing is copied or converted until somebody asks for it. Immutable
 * as long as nobody writes into the array.
 *
 * <p>The members of the outermost object are known from the check. Those of an inner object are looked for at each call, in
 * one quick run over its bytes.
 */
public final class JsonValue {
  /** What a value is. */
  public enum Kind {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    TRUE,
    FALSE,
    NULL
  }

  /**
   * One member of an object.
   *
   * @param name the name, unescaped
   * @param from where the opening quote of the name is
   */
  public record Member(String name, int from, JsonValue value) {}

  private final byte[] bytes;
  private final int from;
  private final int to;
  private final int textFrom;
  private final int textTo;
  private final Map<String, Member> index;
  private final Optional<Set<Kind>> elementKinds;

  /** The outermost value of a checked text. */
  JsonValue(byte[] bytes, int from, int to, int textFrom, int textTo, Map<String, Member> index) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.textFrom = textFrom;
    this.textTo = textTo;
    this.index = index;
    this.elementKinds = Optional.empty();
  }

  private JsonValue(byte[] bytes, int from, int to, Optional<Set<Kind>> elementKinds) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.textFrom = from;
    this.textTo = to;
    this.index = Map.of();
    this.elementKinds = elementKinds;
  }

  /**
   * Checks a text to the letter of RFC 8259, in one pass: one value, valid UTF-8 without a byte order mark, within the limits,
   * and no name twice in the outermost object. Names are compared unescaped.
   *
   * @param from where the text begins in the array
   * @param to behind its last byte
   */
  public static JsonValue parse(byte[] bytes, int from, int to, JsonLimits limits) throws BadJson {
    Objects.checkFromToIndex(from, to, bytes.length);
    return new Check(bytes, from, to, limits).text();
  }

  /** The value that begins at {@code from}, in bytes that are known to be good. */
  static JsonValue at(byte[] bytes, int from) {
    return known(bytes, from, Skim.value(bytes, from));
  }

  /** A value that is known to be good, with its bounds. */
  static JsonValue known(byte[] bytes, int from, int to) {
    return new JsonValue(bytes, from, to, Optional.empty());
  }

  /** A list that is known to be good, with the kinds of what is in it. */
  static JsonValue list(byte[] bytes, int from, int to, Set<Kind> elementKinds) {
    return new JsonValue(bytes, from, to, Optional.of(elementKinds));
  }

  /**
   * The text that a string literal stands for, quotes and all; without an opening quote the bytes as they are. Never fails:
   * what is no escape or no UTF-8 becomes U+FFFD, a closing quote may be missing.
   */
  public static String decode(byte[] bytes, int offset, int length) {
    return Literal.text(bytes, offset, offset + length);
  }

  /** What it is; its first byte tells. */
  public Kind kind() {
    return kindAt(from);
  }

  private Kind kindAt(int at) {
    return kindOf(bytes[at]);
  }

  /** What begins with that byte. */
  static Kind kindOf(byte first) {
    return switch (first) {
      case '{' -> Kind.OBJECT;
      case '[' -> Kind.ARRAY;
      case '"' -> Kind.STRING;
      case 't' -> Kind.TRUE;
      case 'f' -> Kind.FALSE;
      case 'n' -> Kind.NULL;
      default -> Kind.NUMBER;
    };
  }

  /** The array that the value lies in; not to be written to. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where the value begins in {@link #bytes()}. */
  public int from() {
    return from;
  }

  /** Behind the value's last byte. */
  public int to() {
    return to;
  }

  /** Where the text begins that was checked, white space included; for an inner value where it begins itself. */
  int textFrom() {
    return textFrom;
  }

  /** Behind the last byte of the text that was checked, white space included; for an inner value behind its own. */
  int textTo() {
    return textTo;
  }

  /** Whether this is {@code {}}, {@code []} or {@code ""}. */
  public boolean isEmpty() {
    return switch (kind()) {
      case OBJECT, ARRAY -> Skim.space(bytes, from + 1) == to - 1;
      case STRING -> to - from == 2;
      default -> false;
    };
  }

  /** The members of an object, in their order, with those that an inner object gives twice; none for other kinds. */
  public List<Member> members() {
    if (!index.isEmpty()) {
      return List.copyOf(index.values());
    }
    List<Member> members = new ArrayList<>();
    if (kind() == Kind.OBJECT) {
      int at = Skim.space(bytes, from + 1);
      while (bytes[at] != '}') {
        Member member = member(at);
        members.add(member);
        at = next(member.value().to());
      }
    }
    return members;
  }

  private Member member(int at) {
    int nameTo = Skim.string(bytes, at);
    int colon = afterName(at);
    return new Member(decode(bytes, at, nameTo - at), at, at(bytes, Skim.space(bytes, colon + 1)));
  }

  private int next(int behindValue) {
    int at = Skim.space(bytes, behindValue);
    return bytes[at] == ',' ? Skim.space(bytes, at + 1) : at;
  }

  /** The value of a member; of an inner object that gives it twice the last, as nearly all readers do. */
  public Optional<JsonValue> member(String name) {
    if (!index.isEmpty()) {
      return Optional.ofNullable(index.get(name)).map(Member::value);
    }
    Optional<JsonValue> last = Optional.empty();
    if (kind() == Kind.OBJECT) {
      int at = Skim.space(bytes, from + 1);
      while (bytes[at] != '}') {
        Member member = member(at);
        if (member.name().equals(name)) {
          last = Optional.of(member.value());
        }
        at = next(member.value().to());
      }
    }
    return last;
  }

  /** Whether an object has this member, be it null. */
  public boolean has(String name) {
    return member(name).isPresent();
  }

  /** The elements of an array, in their order; none for other kinds. */
  public List<JsonValue> elements() {
    List<JsonValue> elements = new ArrayList<>();
    if (kind() == Kind.ARRAY) {
      int at = Skim.space(bytes, from + 1);
      while (bytes[at] != ']') {
        JsonValue element = at(bytes, at);
        elements.add(element);
        at = next(element.to());
      }
    }
    return elements;
  }

  /** The first element of an array that is so; what follows it is not looked at. */
  public Optional<JsonValue> first(Predicate<? super JsonValue> wanted) {
    if (kind() == Kind.ARRAY) {
      int at = Skim.space(bytes, from + 1);
      while (bytes[at] != ']') {
        JsonValue element = at(bytes, at);
        if (wanted.test(element)) {
          return Optional.of(element);
        }
        at = next(element.to());
      }
    }
    return Optional.empty();
  }

  /** How many members or elements there are; 0 for a scalar. */
  public int size() {
    return switch (kind()) {
      case OBJECT -> index.isEmpty() ? count('}') : index.size();
      case ARRAY -> count(']');
      default -> 0;
    };
  }

  /** Without a list of them: what was made to be long would be many times longer as objects. */
  private int count(char end) {
    int count = 0;
    int at = Skim.space(bytes, from + 1);
    while (bytes[at] != end) {
      int value = end == '}' ? Skim.space(bytes, afterName(at) + 1) : at;
      at = next(Skim.value(bytes, value));
      count++;
    }
    return count;
  }

  /** Where the colon is behind the name that begins at {@code at}. */
  private int afterName(int at) {
    return Skim.space(bytes, Skim.string(bytes, at));
  }

  /**
   * Whether all elements of an array are of that kind; false for other kinds than arrays. Known from the check where the array
   * is a member of the outermost object.
   */
  public boolean holdsOnly(Kind wanted) {
    if (kind() != Kind.ARRAY) {
      return false;
    }
    if (elementKinds.isPresent()) {
      return Set.of(wanted).containsAll(elementKinds.get());
    }
    int at = Skim.space(bytes, from + 1);
    while (bytes[at] != ']') {
      if (kindAt(at) != wanted) {
        return false;
      }
      at = next(Skim.value(bytes, at));
    }
    return true;
  }

  /** Hands out the strings in it, at any depth and in their order; names of members are none. In one run over its bytes. */
  public void forEachString(Consumer<? super JsonValue> out) {
    int at = from;
    while (at < to) {
      if (bytes[at] != '"') {
        at++;
        continue;
      }
      int end = Skim.string(bytes, at);
      boolean isName = end < to && bytes[Skim.space(bytes, end)] == ':';
      if (!isName) {
        out.accept(known(bytes, at, end));
      }
      at = end;
    }
  }

  /** What a string says, unescaped; of other kinds the JSON as it is written. */
  public String text() {
    return decode(bytes, from, to - from);
  }

  /** Whether this is the literal {@code true}, and not a text that says so. */
  public boolean isTrue() {
    return kind() == Kind.TRUE;
  }

  /** The JSON as it is written. */
  public String raw() {
    return new String(bytes, from, to - from, UTF_8);
  }

  /** Kind and place only: what a body says does not belong into logs. */
  @Override
  public String toString() {
    return kind() + " at " + from + " to " + to;
  }
}

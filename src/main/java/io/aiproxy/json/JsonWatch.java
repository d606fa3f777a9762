package io.aiproxy.json;

import io.aiproxy.json.JsonPaths.Place;

/**
 * Watches a JSON text pass, cut in any way, and hands out the bytes of the values that paths lead to. It checks nothing: what
 * it cannot follow makes it stop watching. It never recurses, and holds no more than the parts of wanted values that earlier
 * cuts took away, each up to its bound.
 *
 * <p>One per text, or one after another with {@link #reset}; used by one thread at a time.
 */
public final class JsonWatch {
  /** How many bytes of one value are handed out at most, if nothing else is said. */
  public static final int CAPTURE_BYTES = 64 * 1024;

  /** Takes the values. */
  public interface Listener {
    /**
     * A value has passed. One inside another comes before it.
     *
     * @param tag which path led to it
     * @param bytes holds the value as it is written; good only until this method returns, and not to be written to
     * @param complete whether this is all of it, or only as much as is held of one value
     */
    void value(int tag, byte[] bytes, int offset, int length, boolean complete);
  }

  private enum State {
    /** A value is about to begin. */
    VALUE,
    /** In an array on a path, between elements. */
    ELEMENTS,
    /** In an object on a path, between members. */
    MEMBERS,
    /** In a name of such an object. */
    NAME,
    /** Behind such a name. */
    COLON,
    /** In brackets that no path leads into. */
    SKIPPED,
    /** In a string value, or in any string inside such brackets. */
    STRING,
    /** In a number or a literal. */
    SCALAR,
    /** Behind the text's value. */
    DONE,
    BROKEN
  }

  private final Place root;
  private final Listener listener;

  private State state = State.VALUE;
  private Place place;
  private boolean escaped;

  private final Place[] open;
  private final boolean[] openArray;
  private int level;
  private int skippedDepth;

  private final byte[] name;
  private int nameLength;

  private final int captureBytes;
  private final Capture[] captures;
  private int captured;

  /** Watches with the usual bound of {@link #CAPTURE_BYTES}. */
  public JsonWatch(JsonPaths paths, Listener listener) {
    this(paths, listener, CAPTURE_BYTES);
  }

  /**
   * Watches with a bound of its own.
   *
   * @param captureBytes how many bytes of one value are handed out at most; at least 1
   */
  public JsonWatch(JsonPaths paths, Listener listener, int captureBytes) {
    if (captureBytes < 1) {
      throw new IllegalArgumentException("a value has at least 1 byte, not " + captureBytes);
    }
    this.root = paths.root();
    this.listener = listener;
    this.place = root;
    int height = paths.height();
    this.open = new Place[height];
    this.openArray = new boolean[height];
    this.name = new byte[paths.longestName()];
    this.captures = new Capture[height];
    this.captureBytes = captureBytes;
  }

  /** Begins with a new text. */
  public void reset() {
    state = State.VALUE;
    place = root;
    escaped = false;
    level = 0;
    captured = 0;
  }

  /** Whether the text could not be followed to its end; the values handed out before stand. */
  public boolean broken() {
    return state == State.BROKEN;
  }

  /** No byte follows: a text that has not come to its end is broken. */
  public void end() {
    if (state == State.SCALAR && level == 0) {
      // only here nothing else ends a number
      state = State.DONE;
    } else if (state != State.DONE) {
      breakOff();
    }
  }

  /** Looks at the next bytes of the text; they are not kept. */
  public void next(byte[] bytes, int offset, int length) {
    int to = offset + length;
    for (int i = 0; i < captured; i++) {
      captures[i].nextArray(offset);
    }
    int at = offset;
    while (at < to && state != State.BROKEN) {
      at = step(bytes, at, to);
    }
    for (int i = 0; i < captured; i++) {
      captures[i].hold(bytes, to);
    }
  }

  /** Goes on from the present state; over a whole member at once if it is here. */
  private int step(byte[] bytes, int at, int to) {
    return switch (state) {
      case VALUE -> Skim.isSpace(bytes[at]) ? at + 1 : value(bytes, at, to);
      case ELEMENTS -> elements(bytes, at, to);
      case MEMBERS -> members(bytes, at, to);
      case NAME -> name(bytes, at, to);
      case COLON -> colon(bytes, at, to);
      case SKIPPED -> skipped(bytes, at, to);
      case STRING -> string(bytes, at, to);
      case SCALAR -> scalar(bytes, at, to);
      case DONE -> Skim.isSpace(bytes[at]) ? at + 1 : broken(at);
      case BROKEN -> to;
    };
  }

  private int elements(byte[] bytes, int at, int to) {
    byte b = bytes[at];
    if (b == ',' || Skim.isSpace(b)) {
      return at + 1;
    }
    if (b == ']') {
      level--;
      return ended(bytes, at + 1);
    }
    place = open[level - 1].elements();
    return value(bytes, at, to);
  }

  private int members(byte[] bytes, int at, int to) {
    byte b = bytes[at];
    if (b == ',' || Skim.isSpace(b)) {
      return at + 1;
    }
    if (b == '"') {
      nameLength = 0;
      state = State.NAME;
      return name(bytes, at + 1, to);
    }
    if (b == '}') {
      level--;
      return ended(bytes, at + 1);
    }
    return broken(at);
  }

  private int name(byte[] bytes, int at, int to) {
    int stop = endOfString(bytes, at, to);
    if (stop == to) {
      holdName(bytes, at, stop);
      return to;
    }
    place = placeOfName(bytes, at, stop);
    state = State.COLON;
    return stop + 1 < to ? colon(bytes, stop + 1, to) : to;
  }

  private Place placeOfName(byte[] bytes, int from, int to) {
    Place object = open[level - 1];
    if (nameLength == 0) {
      return object.member(bytes, from, to);
    }
    holdName(bytes, from, to);
    return nameLength > name.length ? Place.NOWHERE : object.member(name, 0, nameLength);
  }

  /** Keeps no more than the longest name that is wanted; a length beyond says that it is none of them. */
  private void holdName(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length <= name.length - nameLength) {
      System.arraycopy(bytes, from, name, nameLength, length);
      nameLength += length;
    } else {
      nameLength = name.length + 1;
    }
  }

  private int colon(byte[] bytes, int at, int to) {
    if (bytes[at] == ':') {
      state = State.VALUE;
      int next = at + 1;
      return next < to && !Skim.isSpace(bytes[next]) ? value(bytes, next, to) : next;
    }
    return Skim.isSpace(bytes[at]) ? at + 1 : broken(at);
  }

  private int value(byte[] bytes, int at, int to) {
    if (place.wanted()) {
      if (captures[captured] == null) {
        captures[captured] = new Capture(captureBytes);
      }
      captures[captured].begin(place.tag(), level, at);
      captured++;
    }
    switch (bytes[at]) {
      case '{' -> enter(false, place.hasMembers());
      case '[' -> enter(true, place.hasElements());
      case '"' -> {
        skippedDepth = 0;
        state = State.STRING;
        return string(bytes, at + 1, to);
      }
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 't', 'f', 'n' -> {
        state = State.SCALAR;
        return scalar(bytes, at + 1, to);
      }
      default -> breakOff();
    }
    return at + 1;
  }

  private void enter(boolean array, boolean onPath) {
    if (onPath) {
      open[level] = place;
      openArray[level] = array;
      level++;
      state = array ? State.ELEMENTS : State.MEMBERS;
    } else {
      skippedDepth = 1;
      state = State.SKIPPED;
    }
  }

  private int skipped(byte[] bytes, int from, int to) {
    int at = from;
    int depth = skippedDepth;
    while (at < to) {
      byte b = bytes[at++];
      if (b < '[' && b != '"') {
        // numbers, commas and spaces: most of what is no string
        continue;
      }
      switch (b) {
        case '{', '[' -> depth++;
        case '}', ']' -> {
          if (--depth == 0) {
            return ended(bytes, at);
          }
        }
        case '"' -> {
          at = endOfString(bytes, at, to);
          if (at == to) {
            state = State.STRING;
          } else {
            at++;
          }
        }
        default -> {}
      }
    }
    skippedDepth = depth;
    return to;
  }

  private int string(byte[] bytes, int at, int to) {
    int stop = endOfString(bytes, at, to);
    if (stop == to) {
      return to;
    }
    if (skippedDepth == 0) {
      return ended(bytes, stop + 1);
    }
    state = State.SKIPPED;
    return stop + 1;
  }

  /** The closing quote of the string that this is in, or {@code to}; remembers a backslash that the cut parted from its byte. */
  private int endOfString(byte[] bytes, int from, int to) {
    int at = escaped ? from + 1 : from;
    escaped = false;
    at = Scan.quoteOrBackslash(bytes, at, to);
    while (at < to && bytes[at] == '\\') {
      if (at + 1 == to) {
        escaped = true;
        return to;
      }
      at = Scan.quoteOrBackslash(bytes, at + 2, to);
    }
    return at;
  }

  private int scalar(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      byte b = bytes[at];
      if (b == ',' || b == '}' || b == ']' || Skim.isSpace(b)) {
        return ended(bytes, at);
      }
      at++;
    }
    return to;
  }

  /** A value has ended before {@code at}. */
  private int ended(byte[] bytes, int at) {
    if (level == 0) {
      state = State.DONE;
    } else {
      state = openArray[level - 1] ? State.ELEMENTS : State.MEMBERS;
    }
    if (captured > 0 && captures[captured - 1].level() == level) {
      captured--;
      captures[captured].handOut(bytes, at, listener);
    }
    return at;
  }

  private int broken(int at) {
    breakOff();
    return at;
  }

  private void breakOff() {
    state = State.BROKEN;
    captured = 0;
  }
}

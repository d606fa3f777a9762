package io.aiproxy.protocol;

import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Puts the parts of a stream one behind the other: what is said of one before those that began earlier are whole has to
 * wait. They are known by keys. One per answer.
 */
final class ResponsesParts {
  private static final int MOST_PARTS = 10_000;

  private final Map<String, Slot> byKey = new LinkedHashMap<>();
  private final List<Slot> slots = new ArrayList<>();
  private final Held begun = new Held(MOST_PARTS);
  private final Held waiting = new Held(Held.PART);
  private int current;

  private static final class Slot {
    final int number;
    final ArrayDeque<Delta> waiting = new ArrayDeque<>();
    boolean grown;
    boolean closed;

    Slot(int number) {
      this.number = number;
    }
  }

  /** What is said of a part, once its number is known. */
  interface Saying {
    Delta of(int part);
  }

  /** Another event is read; what it says is kept if there is a part that has to wait. */
  void read(int bytes) {
    if (current + 1 < slots.size()) {
      waiting.add(bytes);
    } else {
      waiting.release();
    }
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  /** The keys of all parts whose keys begin with this one and a slash, in the order in which they began. */
  List<String> within(String key) {
    return byKey.keySet().stream().filter(known -> known.startsWith(key + "/")).toList();
  }

  boolean has(String key) {
    return byKey.containsKey(key);
  }

  /** Whether anything was said of a part since it was opened. */
  boolean hasGrown(String key) {
    Slot slot = byKey.get(key);
    return slot != null && slot.grown;
  }

  /** Begins a part unless it has begun. */
  void open(String key, Part beginning, Consumer<? super Delta> out) {
    if (!byKey.containsKey(key)) {
      begun.add(1);
      Slot slot = new Slot(slots.size());
      slots.add(slot);
      byKey.put(key, slot);
      say(slot, new Delta.Opened(0, slot.number, beginning), out);
    }
  }

  /** Says something of a part that has begun and is not whole. */
  void say(String key, Saying saying, Consumer<? super Delta> out) {
    Slot slot = byKey.get(key);
    if (slot != null && !slot.closed) {
      Delta delta = saying.of(slot.number);
      slot.grown |= delta instanceof Delta.Grown;
      say(slot, delta, out);
    }
  }

  private void say(Slot slot, Delta delta, Consumer<? super Delta> out) {
    if (slot.number == current) {
      out.accept(delta);
    } else {
      slot.waiting.add(delta);
    }
  }

  /** A part is whole. */
  void close(String key, Consumer<? super Delta> out) {
    Slot slot = byKey.get(key);
    if (slot != null) {
      close(slot, out);
    }
  }

  private void close(Slot slot, Consumer<? super Delta> out) {
    if (slot.closed) {
      return;
    }
    slot.closed = true;
    say(slot, new Delta.Closed(0, slot.number), out);
    while (current < slots.size() && slots.get(current).closed) {
      current++;
      if (current < slots.size()) {
        slots.get(current).waiting.forEach(out);
        slots.get(current).waiting.clear();
      }
    }
  }

  /** All parts are whole. */
  void closeAll(Consumer<? super Delta> out) {
    slots.forEach(slot -> close(slot, out));
  }
}

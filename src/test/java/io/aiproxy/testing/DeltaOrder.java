package io.aiproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.neutral.Delta;
import io.aiproxy.neutral.Part;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The order in which the steps of an answer have to come, as {@link Delta} lays it down. */
public final class DeltaOrder {
  private static final int NONE = -1;

  private final Map<Integer, Integer> parts = new HashMap<>();
  private final Map<Integer, Integer> open = new HashMap<>();
  private final Map<Integer, Part> openParts = new HashMap<>();
  private final Set<Integer> stopped = new HashSet<>();
  private boolean begun;
  private boolean over;

  private DeltaOrder() {}

  public static void check(List<Delta> deltas) {
    DeltaOrder order = new DeltaOrder();
    for (int i = 0; i < deltas.size(); i++) {
      order.next(deltas.get(i), "delta " + i + ", " + deltas.get(i));
    }
  }

  private void next(Delta delta, String as) {
    assertThat(over).as("it is over, yet comes " + as).isFalse();
    if (delta instanceof Delta.Begun) {
      assertThat(begun).as("begins but once: " + as).isFalse();
      begun = true;
    } else if (delta instanceof Delta.Failed) {
      over = true;
    } else if (!(delta instanceof Delta.Ping)) {
      assertThat(begun).as("begins before anything else: " + as).isTrue();
      step(delta, as);
    }
  }

  private void step(Delta delta, String as) {
    if (delta instanceof Delta.Opened opened) {
      open(opened, as);
    } else if (delta instanceof Delta.Grown grown) {
      isOpen(grown.candidate(), grown.part(), as);
      boolean isCall = openParts.get(grown.candidate()) instanceof Part.ToolCall;
      assertThat(grown.growth() == Delta.Growth.ARGUMENTS)
          .as("arguments grow of calls and nothing else: " + as)
          .isEqualTo(isCall);
    } else if (delta instanceof Delta.Signed signed) {
      isOpen(signed.candidate(), signed.part(), as);
      assertThat(openParts.get(signed.candidate())).as(as).isInstanceOf(Part.Thought.class);
    } else if (delta instanceof Delta.Cited cited) {
      isOpen(cited.candidate(), cited.part(), as);
      assertThat(openParts.get(cited.candidate())).as(as).isInstanceOf(Part.Text.class);
    } else if (delta instanceof Delta.Closed closed) {
      isOpen(closed.candidate(), closed.part(), as);
      open.put(closed.candidate(), NONE);
    } else if (delta instanceof Delta.Stopped halt) {
      assertThat(open.getOrDefault(halt.candidate(), NONE))
          .as("all parts are closed at " + as)
          .isEqualTo(NONE);
      assertThat(stopped.add(halt.candidate())).as("stops once: " + as).isTrue();
    } else if (delta instanceof Delta.Ended) {
      assertThat(open.values()).as("all parts are closed at " + as).allMatch(part -> part == NONE);
      over = true;
    }
  }

  private void open(Delta.Opened opened, String as) {
    int candidate = opened.candidate();
    assertThat(stopped).as("has not stopped: " + as).doesNotContain(candidate);
    assertThat(open.getOrDefault(candidate, NONE)).as("one is open: " + as).isEqualTo(NONE);
    assertThat(opened.part()).as(as).isEqualTo(parts.getOrDefault(candidate, 0));
    parts.put(candidate, opened.part() + 1);
    open.put(candidate, opened.part());
    openParts.put(candidate, opened.beginning());
  }

  private void isOpen(int candidate, int part, String as) {
    assertThat(open.getOrDefault(candidate, NONE)).as("is open: " + as).isEqualTo(part);
  }
}

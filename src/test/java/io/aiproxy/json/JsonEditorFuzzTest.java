package io.aiproxy.json;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

class JsonEditorFuzzTest {
  /** An object, a byte 0, and a patch to be applied as {@link Edits} does. */
  @FuzzTest(maxDuration = "1m")
  void editsAsATreeWouldAndLeavesOtherMembersToTheByte(byte @NotNull [] input) throws IOException {
    int middle = 0;
    while (middle < input.length && input[middle] != 0) {
      middle++;
    }
    byte[] body = Arrays.copyOf(input, middle);
    byte[] patch = Arrays.copyOfRange(input, Math.min(middle + 1, input.length), input.length);
    if (Jackson.accepts(body).orElse(false) && Jackson.accepts(patch).orElse(false)) {
      Optional<JsonNode> object = Jackson.treeIfGood(body);
      Optional<JsonNode> changes = Jackson.treeIfGood(patch);
      if (object.isPresent()
          && object.get().isObject()
          && changes.isPresent()
          && changes.get().isObject()) {
        edit(body, (ObjectNode) changes.get(), middle % 2 == 0);
      }
    }
  }

  private static void edit(byte[] body, ObjectNode patch, boolean force) throws IOException {
    try {
      Edits.check(body, patch, force);
    } catch (BadJson repeatedInside) {
      // an inner object that gives a name twice is refused
    }
  }
}

package io.aiproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelSocketTest {
  /** What is not passed on would be done to a second socket, which nobody closes. */
  @Test
  void passesEverythingOn() {
    List<String> left = Arrays.stream(Socket.class.getMethods())
        .filter(method -> method.getDeclaringClass().equals(Socket.class))
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(method -> !isPassedOn(method))
        .map(Method::toString)
        .toList();

    assertThat(left).isEmpty();
  }

  private static boolean isPassedOn(Method method) {
    try {
      return ChannelSocket.class
          .getMethod(method.getName(), method.getParameterTypes())
          .getDeclaringClass()
          .equals(ChannelSocket.class);
    } catch (NoSuchMethodException impossible) {
      throw new AssertionError(impossible);
    }
  }
}

package io.aiproxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.PlainGateway;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway where nobody put the libraries beside it. */
class MissingLibraryTest {
  private static final Predicate<String> OF_CLOUDS =
      path -> path.contains("google") || path.contains("msal4j") || path.contains("awssdk");

  /** What the README says that the engine's jar needs, what a container brings, and what tries it here. */
  private static final Predicate<String> NEEDED = path -> path.matches(
      ".*(classes|httpclient5-|httpcore5-|jackson-(core|databind|annotations)-|slf4j-api-|jtokkit-|jakarta.servlet-api-)[^/\\\\]*");

  @ParameterizedTest
  @CsvSource({"aws", "azure", "gcp"})
  void isSaidByWhoeverNeedsIt(String name) throws Exception {
    try (URLClassLoader loader = loader(OF_CLOUDS.negate())) {
      assertThat(available(loader, name)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"aws", "azure", "gcp"})
  void isNotSaidWhereItIsThere(String name) throws Exception {
    try (URLClassLoader loader = loader(path -> true)) {
      assertThat(available(loader, name)).isTrue();
    }
  }

  @Test
  void doesNotKeepConfigurationsFromBeingRead() throws Exception {
    try (URLClassLoader loader = loader(OF_CLOUDS.negate())) {
      assertThat(authorities(loader)).isNotNull();
    }
  }

  @Test
  void leavesAPlainRouteItsAnswer() throws Exception {
    assertThat(tried("answer")).isEqualTo("200 {}");
  }

  @ParameterizedTest
  @CsvSource({
    "aws, software.amazon.awssdk:auth",
    "azure, com.microsoft.azure:msal4j",
    "gcp, com.google.auth:google-auth-library-oauth2-http"
  })
  void stopsTheStartAndIsNamedIfARouteNeedsIt(String name, String library) throws Exception {
    assertThat(tried("refusal", name)).contains("auth." + name).contains(library);
  }

  /** What {@link PlainGateway} says where there is nothing but what is needed. */
  private static String tried(String method, Object... arguments) throws Exception {
    try (URLClassLoader loader = loader(NEEDED)) {
      Class<?>[] types = Arrays.stream(arguments).map(Object::getClass).toArray(Class<?>[]::new);
      Method tried =
          Class.forName(PlainGateway.class.getName(), true, loader).getMethod(method, types);
      return (String) tried.invoke(null, arguments);
    }
  }

  private static boolean available(ClassLoader loader, String name) throws Exception {
    Object authorities = authorities(loader);
    Object found =
        authorities.getClass().getMethod("named", String.class).invoke(authorities, name);
    Object authority = ((java.util.Optional<?>) found).orElseThrow();
    return (boolean) Class.forName("io.aiproxy.auth.Authority", true, loader)
        .getMethod("available")
        .invoke(authority);
  }

  private static Object authorities(ClassLoader loader) throws ReflectiveOperationException {
    return Class.forName("io.aiproxy.auth.Authorities", true, loader)
        .getMethod("installed")
        .invoke(null);
  }

  private static URLClassLoader loader(Predicate<String> wanted) throws IOException {
    URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(wanted)
        .map(MissingLibraryTest::url)
        .toArray(URL[]::new);
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  private static URL url(String path) {
    try {
      return Path.of(path).toUri().toURL();
    } catch (MalformedURLException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }
}

#include "engine/tasks/direction_text.h"

#include <catch2/catch_test_macros.hpp>

#include "topology/base/error.h"

using namespace tarn;

TEST_CASE("a direction's word comes out as it was written") {
  for (const char* word :
       {"hessian:2", "hessian:-1", "random:3", "gradient", "pca:2@run/7", "update", "update@run/1",
        "between:b.safetensors", "between:a.pt;run/3@20", "between:a;b;c", "file:x:y.npy#v"}) {
    INFO(word);
    CHECK(toString(parseDirection(word)) == word);
  }
  CHECK(toString(parseDirection("hessian")) == "hessian:1");
  CHECK(toString(parseDirection("pca@3")) == "pca:1@run/3");
}

TEST_CASE("a direction's word says what it is of") {
  CHECK(parseDirection("hessian:-2").count == -2);
  CHECK(parseDirection("pca:2@run/7").run == 7);
  CHECK(parseDirection("between:a;b;c").ends() == std::vector<std::string>{"b", "c"});
  CHECK(parseDirection("between:b").ends() == std::vector<std::string>{"b"});
  CHECK(parseDirection("file:x:y.npy#v").path == "x:y.npy#v");
}

TEST_CASE("a word that is no direction is refused with the grammar") {
  for (const char* wrong : {"",
                            "sideways",
                            "hessian:",
                            "hessian:0",
                            "hessian:2x",
                            "hessian@3",
                            "random:-1",
                            "random:0",
                            "gradient:2",
                            "gradient@1",
                            "update:2",
                            "update@",
                            "pca:0",
                            "pca:x",
                            "pca:2@last",
                            "pca:17",
                            "between",
                            "between:",
                            "between:a;;b",
                            "between:a;",
                            "between:a;b;c;d",
                            "file",
                            "file:"}) {
    INFO(wrong);
    try {
      parseDirection(wrong);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::usage);
      CHECK(std::string_view(error.remedy()).find("between:A;B[;C]") != std::string_view::npos);
    }
  }
}

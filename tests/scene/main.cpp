#include <catch2/catch_session.hpp>

#include "ui/figures/figure.h"

int main(int argc, char** argv) {
  const tarn::ui::FigureApplication application;
  return Catch::Session().run(argc, argv);
}

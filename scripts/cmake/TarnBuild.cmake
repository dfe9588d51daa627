# How every target of Tarn is compiled.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# Paths are hashed relative to the sources, so that another checkout can use what this one compiled.
find_program(TARN_CCACHE ccache)
if(TARN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${TARN_CCACHE} sloppiness=pch_defines,time_macros,include_file_mtime,include_file_ctime
      hash_dir=false base_dir=${PROJECT_SOURCE_DIR})
endif()
find_program(TARN_MOLD mold)
if(TARN_MOLD AND CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
  add_link_options(-fuse-ld=mold)
endif()

# Warnings for our own code; foreign headers come in as system headers.
add_library(tarn_options INTERFACE)
target_include_directories(tarn_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(tarn_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                              -Wno-sign-conversion)
target_compile_definitions(tarn_options INTERFACE TARN_VERSION="${PROJECT_VERSION}")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(tarn_options INTERFACE -fpch-preprocess)
  if(CMAKE_UNITY_BUILD)
    # Each source is included once, but not as the main file, which the warning asks for.
    target_compile_options(tarn_options INTERFACE -Wno-subobject-linkage)
  endif()
endif()
if(TARN_SANITIZE)
  target_compile_options(tarn_options INTERFACE -fsanitize=${TARN_SANITIZE}
                                                -fno-omit-frame-pointer -g1)
  target_link_options(tarn_options INTERFACE -fsanitize=${TARN_SANITIZE})
endif()

# tarn_library(NAME FOLDER… LINKS TARGET…): a static library of every .cpp in the folders.
function(tarn_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FOLDERS;LINKS")
  set(sources)
  foreach(folder IN LISTS arg_FOLDERS)
    file(GLOB found CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp
         ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.h)
    list(APPEND sources ${found})
  endforeach()
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC tarn_options ${arg_LINKS})
endfunction()

# Half the compile time, and nothing in a test program needs to be fast; with sanitizers the
# optimizer would take minutes for some of them.
set(TARN_TEST_FLAGS -O1)
if(TARN_SANITIZE)
  set(TARN_TEST_FLAGS -O0)
endif()

# tarn_tests(NAME LINKS TARGET… [HEADERS_OF TARGET] [ENVIRONMENT VAR=VALUE…] [LABELS L…]): one
# program, compiled with the precompiled headers of a target when one is named, of every
# *_test.cpp in the current folder, and one ctest entry for each of those files, so that no test
# case can be left out and LibTorch is loaded once a file.
function(tarn_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADERS_OF" "LINKS;ENVIRONMENT;LABELS")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp
       ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  file(GLOB tests CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}
       ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  if(NOT tests)
    return()
  endif()
  add_executable(${name} ${sources})
  set(main Catch2::Catch2WithMain)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/main.cpp)
    set(main Catch2::Catch2)
  endif()
  target_link_libraries(${name} PRIVATE ${arg_LINKS} tarn_test_support ${main})
  if(arg_HEADERS_OF)
    # The precompiled header is only of use to what is compiled as it was.
    target_precompile_headers(${name} REUSE_FROM ${arg_HEADERS_OF})
    target_compile_options(${name} PRIVATE -fPIC)
  else()
    # Catch2 puts __FILE__ everywhere: relative, it is the same in every checkout.
    target_compile_options(${name} PRIVATE ${TARN_TEST_FLAGS}
                                           -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
  endif()
  foreach(test IN LISTS tests)
    string(REGEX REPLACE "\\.cpp$" "" stem ${test})
    string(REGEX REPLACE "_test$" "" label ${stem})
    string(REGEX REPLACE "^tests-" "" group ${name})
    # Naming a file's tag would run its hidden tests as well.
    add_test(NAME ${group}.${label} COMMAND ${name} --filenames-as-tags "[#${stem}]~[.]")
    set_tests_properties(${group}.${label} PROPERTIES
      ENVIRONMENT "TARN_ENGINE=$<TARGET_FILE_DIR:${name}>/tarn-engine;${arg_ENVIRONMENT}"
      LABELS "${group};${arg_LABELS}" TIMEOUT 3600
      SKIP_RETURN_CODE 4)  # Catch2: nothing but tests that were skipped
  endforeach()
endfunction()

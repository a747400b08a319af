# How tests are built and become ctests. Two builds of the same sources share the tests between them: one with
# QUIETUS_TESTS=brief, for sanitizers, has none that are LONG; one with QUIETUS_TESTS=programs has those and what runs the
# programs, and no more tests of libraries.
set(QUIETUS_TESTS all CACHE STRING "Which tests are built and run: all, brief or programs")
option(QUIETUS_WHOLE_PROGRAMS "Run all cases of a test program in one process or a few: it is slow to start" OFF)

# Test cases of a program become ctests: one each, or, with QUIETUS_WHOLE_PROGRAMS, so many equal parts of them, which
# leave what became of each case in gtest/NAME.PART.xml.
function(quietus_discover name parts)
  if(NOT QUIETUS_WHOLE_PROGRAMS)
    gtest_discover_tests(${name} TEST_PREFIX "${name}/" DISCOVERY_TIMEOUT 60)
    return()
  endif()
  foreach(part RANGE 1 ${parts})
    math(EXPR index "${part} - 1")
    set(test ${name}/${part}-of-${parts})
    add_test(NAME ${test} COMMAND ${name} --gtest_brief=1)
    set_tests_properties(${test} PROPERTIES COST 200 TIMEOUT 900 ENVIRONMENT
      "GTEST_TOTAL_SHARDS=${parts};GTEST_SHARD_INDEX=${index};GTEST_OUTPUT=xml:${PROJECT_BINARY_DIR}/gtest/${name}.${part}.xml")
  endforeach()
endfunction()

# quietus_choose(CHOSEN [ALWAYS] [LONG]): whether a test of a library is one of QUIETUS_TESTS. LONG: of many processes, or
# the same few calls over and over, so that sanitizers take long and find little.
function(quietus_choose chosen)
  cmake_parse_arguments(PARSE_ARGV 1 arg "ALWAYS;LONG" "" "")
  set(${chosen} ON PARENT_SCOPE)
  if((QUIETUS_TESTS STREQUAL brief AND arg_LONG) OR (QUIETUS_TESTS STREQUAL programs AND NOT arg_LONG AND NOT arg_ALWAYS))
    set(${chosen} OFF PARENT_SCOPE)
  endif()
endfunction()

# quietus_unit_test(NAME [ALWAYS] [LONG] [PARTS n] SOURCES file... USES target...): one program. ALWAYS: of programs, or
# of what both builds are to run. LONG: see quietus_choose. PARTS: of a long one, see quietus_discover.
function(quietus_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "ALWAYS;LONG" "PARTS" "SOURCES;USES")
  if(NOT arg_PARTS)
    set(arg_PARTS 1)
  endif()
  if(NOT QUIETUS_BATCHES STREQUAL none)
    quietus_joined(arg_SOURCES ${name} 5)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_USES} GTest::gmock_main)
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  target_compile_options(${name} PRIVATE -Wno-null-dereference)
  if(name STREQUAL unit_core)
    target_precompile_headers(unit_core PRIVATE
      ${QUIETUS_PRECOMPILED} <filesystem> <fstream> <gmock/gmock.h> <gtest/gtest.h>)
  else()
    target_precompile_headers(${name} REUSE_FROM unit_core)
  endif()
  quietus_choose(chosen ${ARGN})
  if(chosen)
    quietus_discover(${name} ${arg_PARTS})
  else()
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

# quietus_fuzz_target(NAME SOURCES file... USES target...): SOURCES define LLVMFuzzerTestOneInput;
# the corpus is fuzz/corpus/NAME. Every build replays it as the ctest fuzz_NAME_replay; with clang
# and QUIETUS_FUZZ=ON (preset `fuzz`) the program fuzz_NAME is a libFuzzer.
option(QUIETUS_FUZZ "Build the fuzz targets with libFuzzer (clang)" OFF)
add_library(fuzz_replay OBJECT EXCLUDE_FROM_ALL fuzz/replay.cpp)
target_link_libraries(fuzz_replay PRIVATE quietus_settings)
function(quietus_fuzz_target name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES")
  add_executable(fuzz_${name}_replay ${arg_SOURCES})
  target_link_libraries(fuzz_${name}_replay PRIVATE fuzz_replay ${arg_USES})
  quietus_choose(chosen)
  if(chosen)
    add_test(NAME fuzz_${name}_replay
      COMMAND fuzz_${name}_replay ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${name})
    set_tests_properties(fuzz_${name}_replay PROPERTIES COST 100)
  else()
    set_target_properties(fuzz_${name}_replay PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
  if(QUIETUS_FUZZ)
    add_executable(fuzz_${name} ${arg_SOURCES})
    target_link_libraries(fuzz_${name} PRIVATE ${arg_USES})
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  endif()
endfunction()

# quietus_house_test(NAME SCRIPT [argument...]): a Python script, named relative to this folder; of every build.
function(quietus_house_test name script)
  add_test(NAME ${name}
    COMMAND Python3::Interpreter -B ${CMAKE_CURRENT_SOURCE_DIR}/${script} ${ARGN})
endfunction()

# quietus_paper_test(PROGRAM KIND FILE): FILE is what `papers` writes, and its readers accept it.
function(quietus_paper_test program kind file)
  add_test(NAME paper-${kind}-${program} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/house/papers
    $<TARGET_FILE:quietus-papers> ${program} ${kind} ${PROJECT_SOURCE_DIR}/${file})
endfunction()

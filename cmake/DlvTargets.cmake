# Compiler settings shared by every target, and the helper that makes a folder a library.

add_library(dlv_options INTERFACE)
# -ffp-contract=off: coded bytes and proofs must not depend on whether the compiler fuses a multiply and an add.
target_compile_options(dlv_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
  -ffp-contract=off -fno-omit-frame-pointer)
# Where several sources are compiled as one, g++ takes a source for a header, and warns of what hidden classes hold in it.
if(CMAKE_UNITY_BUILD)
  target_compile_options(dlv_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
# In clang, but not in g++, -Wconversion means signs too.
target_compile_options(dlv_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>)
target_compile_options(dlv_options INTERFACE
  $<$<CONFIG:Release>:-fstack-protector-strong>)
if(NOT DLV_SANITIZE)  # the sanitizers' own checks replace the fortified functions
  target_compile_options(dlv_options INTERFACE $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
endif()
# False warnings of g++ 12: overlaps in `"literal" + std::string` (GCC bug 105651), writes beyond vectors that were just resized, and reads
# beyond what vectors hold.
target_compile_options(dlv_options INTERFACE
  "$<$<AND:$<CONFIG:Release>,$<CXX_COMPILER_ID:GNU>>:-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread;-Wno-array-bounds>")
if(DLV_SANITIZE)
  # What AddressSanitizer tells anyway (null, object-size) or nobody here does (vptr) is not asked twice. Alignment is checked where bytes
  # are read as numbers (DLV_READS_BYTES): elsewhere it would be a sixth of the time of a compilation.
  target_compile_options(dlv_options INTERFACE -fsanitize=${DLV_SANITIZE} -fno-sanitize-recover=all -fno-sanitize=null,object-size,vptr
    $<$<NOT:$<BOOL:$<TARGET_PROPERTY:DLV_READS_BYTES>>>:-fno-sanitize=alignment>)
  # At a fixed address a program starts in half the time: the tables of these checks are millions of relocations otherwise.
  target_link_options(dlv_options INTERFACE -fsanitize=${DLV_SANITIZE} $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-no-pie>)
endif()

# LLVM's linker takes a fifth of the time for a program with sanitizers, of which the tests are fifty.
find_program(DLV_LLD NAMES ld.lld ld.lld-14)
if(DLV_SANITIZE AND DLV_LLD)
  target_link_options(dlv_options INTERFACE --ld-path=${DLV_LLD})
endif()

# In a build without optimisation half of the time is the front end's, in the standard library's headers: DLV_PRECOMPILE reads them once
# for each group of targets with the same flags (a file of the sanitizer build then takes 0.6 of the time). Builds without it show what a
# file forgot to include.
set(dlv_precompiled_headers <algorithm> <array> <atomic> <bit> <charconv> <chrono> <cmath> <condition_variable> <cstdint> <cstdio>
  <cstdlib> <cstring> <filesystem> <fstream> <functional> <limits> <map> <memory> <mutex> <numeric> <optional> <random> <set> <span>
  <sstream> <string> <string_view> <thread> <unordered_map> <unordered_set> <utility> <variant> <vector>)

# dlv_precompile(TARGET GROUP HEADERS...) gives TARGET those headers, and HEADERS, precompiled once for all targets of GROUP, which must have
# the same flags; group "own" is the target alone. The first of a group brings its libraries to the target dlv_headers_GROUP, which holds what
# was precompiled.
function(dlv_precompile target group)
  if(NOT DLV_PRECOMPILE)
    return()
  endif()
  # The compiler cache compares contents (scripts/common.sh), not times.
  set(no_times "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
  target_compile_options(${target} PRIVATE ${no_times})
  if(group STREQUAL "own")
    target_precompile_headers(${target} PRIVATE ${dlv_precompiled_headers} ${ARGN})
    return()
  endif()
  set(holder dlv_headers_${group})
  if(NOT TARGET ${holder})
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/headers/${group}.cc CONTENT "// Nothing: for its precompiled headers.\n")
    add_library(${holder} OBJECT ${CMAKE_BINARY_DIR}/headers/${group}.cc)
    foreach(property COMPILE_OPTIONS COMPILE_DEFINITIONS LINK_LIBRARIES POSITION_INDEPENDENT_CODE DLV_READS_BYTES)
      get_target_property(value ${target} ${property})
      if(value)
        set_target_properties(${holder} PROPERTIES ${property} "${value}")
      endif()
    endforeach()
    target_precompile_headers(${holder} PRIVATE ${dlv_precompiled_headers} ${ARGN})
  endif()
  target_precompile_headers(${target} REUSE_FROM ${holder})
endfunction()

# dlv_compile_loops(SET SOURCES ... [OPTIONS ...]) compiles sources of the calling folder, which are loops over every element, for an
# instruction set: portable, avx2 or avx512. With sanitizers -O3 would make them most of a library's build, and its tests hardly faster. A
# fuzzer is guided by the branches of what parses; to count them in these loops would double the time of the tests.
function(dlv_compile_loops instruction_set)
  cmake_parse_arguments(PARSE_ARGV 1 loops "" "" "SOURCES;OPTIONS")
  set(portable)
  set(avx2 -mavx2)
  set(avx512 -mavx2 -mavx512f -mavx512bw -mavx512vl -mavx512dq -mprefer-vector-width=512)
  set(options -O3)
  if(DLV_SANITIZE)
    set(options -O1)
  endif()
  if(DLV_FUZZ)
    list(APPEND options -fno-sanitize=fuzzer-no-link)
  endif()
  set_source_files_properties(${loops_SOURCES} PROPERTIES COMPILE_OPTIONS "${options};${${instruction_set}};${loops_OPTIONS}")
endfunction()

# dlv_add_layer(NAME DEPS...) makes the static library dlv_NAME of every .cc file in this folder.
# Includes are written from the repository root ("storage/io/file_system.h").
function(dlv_add_layer name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  if(NOT sources)  # a folder that so far has headers at most
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/empty.cc "")
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/empty.cc)
  endif()
  add_library(dlv_${name} STATIC ${sources})
  set_target_properties(dlv_${name} PROPERTIES LINKER_LANGUAGE CXX POSITION_INDEPENDENT_CODE ON)
  target_include_directories(dlv_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_link_libraries(dlv_${name} PUBLIC dlv_public PRIVATE $<BUILD_INTERFACE:dlv_options>)
  target_link_libraries(dlv_${name} PUBLIC ${ARGN})
  if(name MATCHES "^(io|codec|statistics|kernels|bounds|progressive)$")  # loops over every byte and element
    target_compile_options(dlv_${name} PRIVATE $<$<CONFIG:Release>:-O3>)
  endif()
  if(name MATCHES "^(store|api|catalog)$")  # they ask other layers to do what takes long; -O2 is a quarter more to compile
    target_compile_options(dlv_${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  if(name MATCHES "^(io|codec|archive|interchange|dataset|network|statistics|kernels)$")
    set_target_properties(dlv_${name} PROPERTIES DLV_READS_BYTES ON)
  endif()
  if(name STREQUAL "codec")
    set_target_properties(dlv_codec PROPERTIES UNITY_BUILD OFF)
  endif()
  # Loops over every byte and bounds of whole networks: at -O0 they would be most of a run of the tests. With sanitizers the kernels are not
  # among them, since their tests are short, and -O1 would be 100 s of processor time to compile in place of 20.
  if(name MATCHES "^(bounds|progressive)$" OR (DLV_SANITIZE AND name MATCHES "^(io|codec|statistics)$")
      OR (NOT DLV_SANITIZE AND name STREQUAL "kernels"))
    target_compile_options(dlv_${name} PRIVATE $<$<CONFIG:Debug>:-O1>)
  endif()
  if(DLV_FUZZ AND name MATCHES "^(io|codec|archive|interchange|dataset|network)$")  # what reads foreign bytes
    target_compile_options(dlv_${name} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
  if(name MATCHES "^(io|statistics|query|kernels|bounds|progressive)$")  # flags of their own: -O3, -O1 with sanitizers, -pthread
    dlv_precompile(dlv_${name} own)
  elseif(DLV_FUZZ AND name MATCHES "^(archive|interchange|dataset|network)$")
    dlv_precompile(dlv_${name} foreign)
  elseif(name MATCHES "^(store|api|catalog)$")
    dlv_precompile(dlv_${name} asking)
  elseif(NOT name STREQUAL "codec")  # whose kernels have flags of their own
    dlv_precompile(dlv_${name} library)
  endif()
endfunction()

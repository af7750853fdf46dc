# Installs the library into an empty folder, and builds and runs an example there: once as a CMake project, once with pkg-config.
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)

set(prefix ${FOLDER}/prefix)
set(example ${SOURCE}/examples/list_and_checkout.cc)
file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER}/by_cmake ${FOLDER}/by_pkg_config)
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})

file(WRITE ${FOLDER}/CMakeLists.txt "
cmake_minimum_required(VERSION 3.25)
project(example LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
find_package(dlv REQUIRED)
add_executable(example ${example})
target_link_libraries(example PRIVATE dlv::dlv)
")
run(${CMAKE_COMMAND} -G Ninja -S ${FOLDER} -B ${FOLDER}/build -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_CXX_COMPILER=${COMPILER})
run(${CMAKE_COMMAND} --build ${FOLDER}/build)
run(${FOLDER}/build/example ${FOLDER}/by_cmake)

file(GLOB_RECURSE pc_file ${prefix}/dlv.pc)
get_filename_component(pc_folder ${pc_file} DIRECTORY)
set(ENV{PKG_CONFIG_PATH} ${pc_folder})
execute_process(COMMAND pkg-config --cflags --libs --static dlv OUTPUT_VARIABLE words COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(words UNIX_COMMAND "${words}")
run(${COMPILER} ${example} -o ${FOLDER}/by_pkg_config/example ${words})
run(${FOLDER}/by_pkg_config/example ${FOLDER}/by_pkg_config)

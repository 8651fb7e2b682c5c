# One row per module.
sc_module(virt)
target_link_libraries(sc_module_virt PRIVATE PkgConfig::VIRT)

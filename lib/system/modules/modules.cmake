# One row per module.
sc_module(virt)
target_link_libraries(sc_module_virt PRIVATE PkgConfig::VIRT)
sc_module(pki system/modules/pki_facts.c system/modules/pki_make.c system/modules/pki_request.c system/modules/pki_subject.c)
target_link_libraries(sc_module_pki PRIVATE PkgConfig::OPENSSL)

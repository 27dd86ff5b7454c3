"""The component libraries that pages of other hands are built with."""

from __future__ import annotations

from pathlib import Path

from tests.harness import npm_packages

PACKAGES = (
    "layui@2",
    "vue3@npm:vue@3",
    "vue@npm:vue@2",
    "element-plus@2",
    "@element-plus/icons-vue@2",
    "element-ui@2",
    "vant@4",
    "vant2@npm:vant@2",
    "ant-design-vue@4",
    "dayjs@1",
    "jquery3@npm:jquery@3",
    "jquery-easyui@1",
    "bootstrap@5",
    "bootstrap-icons@1",
    "bootstrap-table@1",
    "webuploader@0.1.8",
    "tdesign-vue-next@1",
    "@arco-design/web-vue@2",
    "react@18",
    "react-dom@18",
    "antd@5",
    "naive-ui@2",
    "view-design@4",
    "bootstrap3@npm:bootstrap@3",
    "jquery-ui@1",
    "@ztree/ztree_v3@3",
    "free-jqgrid@4",
    "quasar@2",
    "@quasar/extras@1",
    "@douyinfe/semi-ui@2",
    "weui@2",
    "weui.js@1",
    "antd-mobile@5",
    "mint-ui@2",
    "bootstrap4@npm:bootstrap@4",
    "select2@4",
    "bootstrap-datepicker@1",
    "dropzone@5",
    "admin-lte@3",
    "@fortawesome/fontawesome-free@5",
    "datatables.net@1",
    "datatables.net-bs4@1",
    "sweetalert2@11",
    "toastr@2",
    "flatpickr@4",
    "cropperjs@1",
    "jquery1@npm:jquery@1",
    "art-dialog@7",
    "layui29@npm:layui@2.9",
    "layui24@npm:layui-src@2.4.5",
    "layui25@npm:layui-src@2.5.5",
    "layer-src@3",
    "chosen-js@1",
    "bootstrap-datetime-picker@2",
    "@nutui/nutui@4",
    "@nutui/touch-emulator@1",
)


def libraries() -> Path:
    """Return the folder with the libraries, fetched if need be.

    Raises:
        PackagesMissingError: Something is missing and cannot be fetched.
    """
    return npm_packages.fetch(PACKAGES)

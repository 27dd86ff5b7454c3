"""Words of menus that are put away, and of layers that lie over a page on the way to another."""

from __future__ import annotations

MENU_OPENERS = (
    *("菜单", "功能菜单", "导航菜单", "导航", "全部功能", "全部服务", "全部应用", "更多服务", "更多应用"),
    *("更多功能", "展开菜单", "Menu", "☰", "≡", "⋯"),
)
"""What brings up a site's menu where it is put away."""
FURTHER_OPENERS = ("应用中心", "查看全部", "查看更多", "全部", "更多")
"""What may bring up the rest of it where nothing else leads on."""
PERSONAL = ("个人中心", "个人空间", "个人主页", "我的空间", "我的主页", "用户中心", "学生中心", "学员中心")
"""One's own pages at a site, where no word of the way shows."""
LAYER_CLOSERS = (
    *("关闭", "Close", "close", "跳过", "跳过引导"),
    *("暂不", "以后再说", "稍后再说", "结束导览", "仅必要"),
)
"""What closes a layer over a menu and agrees to nothing: a tour through the site, an offer, a question about cookies."""
ACKNOWLEDGEMENTS = (
    *("我知道了", "知道了", "我已知晓", "已知晓", "我已知悉", "已知悉", "我已阅读", "已阅读", "已读"),
    *("好的", "继续使用", "继续操作", "下一步"),
)
"""What closes a reminder or a question whether somebody is still there; where the layer asks to agree, it is the person's."""
AGREEMENTS = (
    *("同意", "承诺", "协议", "授权", "声明", "条款", "确认无误", "提交后", "确认提交", "确定提交"),
    *("是否提交", "请提交"),
)
"""Words of a layer that is to be read and answered by the person; until when something is to be submitted is a reminder."""

LONE_ANSWERS = ("确定", "确认", "OK")
"""The only thing to press of a layer that tells something and asks nothing."""
QUESTIONS = (
    *("是否", "吗", "？", "?", "删除", "退出", "注销"),
    *("失效", "重新登录", "支付", "缴费", "绑定", "修改"),
)
"""Words of a layer that asks, or after which something would happen: it is the person's."""

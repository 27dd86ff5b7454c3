"""What the notice prints (``xjtu-2024-07``): the fourteen conditions of its example, and whom they are for."""

from __future__ import annotations

BATCH = "2024年7月"
SCOPE = "在籍，最后一个学期及以后的学生"
NOTICE: tuple[tuple[str, str], ...] = (
    ("学费已缴清", "已完成"),
    ("毕业（教学计划）总学分条件", "未完成"),
    ("毕业（教学计划）课程条件", "未完成"),
    ("毕业生登记表已提交", "未完成"),
    ("毕业实践成绩是否合格", "已通过"),
    ("学信网毕业照已上传", "未上传"),
    ("学信网信息已校对", "未校对"),
    ("平台入学照片已上传", "已上传"),
    ("平台信息已确认", "未确认"),
    ("平台学生管理部分鉴定已填写", "未填写"),
    ("平均成绩（除毕业实践成绩）", "已通过"),
    ("最多不及格课程数", "未通过"),
    ("入学图像比对结果", "已通过"),
    ("学信网毕业图像比对结果合格", ""),
)
"""The fourteen conditions exactly as the notice prints them."""

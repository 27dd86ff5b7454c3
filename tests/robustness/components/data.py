"""The invented students of the component pages, and what each site holds about them."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

Row = dict[str, str]

SCHOOL = "西安交通大学"
BATCH = "2024年7月"
SCOPE = "在籍，最后一个学期及以后的学生"

CONDITIONS: tuple[tuple[str, str, str], ...] = (  # name, status as shown, what the word means
    ("学费已缴清", "已完成", "met"),
    ("毕业（教学计划）总学分条件", "未完成", "unmet"),
    ("毕业（教学计划）课程条件", "未完成", "unmet"),
    ("毕业生登记表已提交", "未完成", "unmet"),
    ("毕业实践成绩是否合格", "已通过", "met"),
    ("学信网毕业照已上传", "@photo", ""),
    ("学信网信息已校对", "已校对", "met"),
    ("平台入学照片已上传", "已上传", "met"),
    ("平台信息已确认", "未确认", "unmet"),
    ("平台学生管理部分鉴定已填写", "未填写", "unmet"),
    ("平均成绩（除毕业实践成绩）", "已通过", "met"),
    ("最多不及格课程数", "未通过", "unmet"),
    ("入学图像比对结果", "已通过", "met"),
    ("学信网毕业图像比对结果合格", "", "unknown"),
)

COURSES: tuple[tuple[str, str, str], ...] = tuple(
    (name, total, term)
    for term, group in (
        (
            "2022年春",
            "英语一=78.0 计算机应用基础=88.0 高等数学=71.0 思想道德修养=90.0 画法几何=83.0 工程制图=80.0",
        ),
        ("2022年秋", "英语二=74.0 理论力学=69.0 材料力学=77.0 测量学=54.0 建筑材料=86.0 房屋建筑学=91.0"),
        ("2023年春", "结构力学=82.0 土力学=75.0 混凝土结构=79.0 钢结构=84.0 工程经济=93.0 建设法规=95.0"),
        ("2023年秋", "施工组织=88.0 工程概预算=81.0 基础工程=73.0 工程监理=90.0 毕业实践=87.0"),
    )
    for name, total in (pair.split("=") for pair in group.split())
)
FAILED = ("测量学",)

FAMILY_FIELDS: tuple[tuple[str, str], ...] = (
    ("relation", "关系"),
    ("name", "姓名"),
    ("phone", "联系方式"),
    ("document_type", "证件类型"),
    ("document_number", "证件号码"),
    ("age", "年龄"),
    ("ethnicity", "民族"),
    ("party", "政治面貌"),
    ("address", "工作单位或居住地址"),
    ("post", "职务"),
)
HISTORY_FIELDS: tuple[tuple[str, str], ...] = (
    ("place", "学习或工作单位"),
    ("post", "职务"),
    ("start", "开始时间"),
    ("end", "结束时间"),
    ("witness", "证明人"),
    ("witness_phone", "证明人联系方式"),
)
FIELDS = {"family": FAMILY_FIELDS, "history": HISTORY_FIELDS}
OPTIONS = {
    "relation": ["父亲", "母亲", "配偶", "兄弟姐妹", "子女", "其他"],
    "document_type": ["居民身份证", "护照", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "其他"],
    "party": ["中共党员", "中共预备党员", "共青团员", "民主党派", "群众"],
}

FAMILY: tuple[Row, ...] = (
    dict(
        zip(
            (key for key, _ in FAMILY_FIELDS),
            (
                "父亲",
                "沈长庚",
                "13800001001",
                "居民身份证",
                "",
                "57",
                "汉族",
                "群众",
                "示例省平原市槐树街8号",
                "司机",
            ),
            strict=True,
        )
    ),
    dict(
        zip(
            (key for key, _ in FAMILY_FIELDS),
            (
                "母亲",
                "罗秀云",
                "13800001002",
                "居民身份证",
                "",
                "55",
                "汉族",
                "中共党员",
                "平原市第二小学",
                "教师",
            ),
            strict=True,
        )
    ),
)
HISTORY: tuple[Row, ...] = (
    {
        "place": "平原市第三中学",
        "post": "学生",
        "start": "2011-09",
        "end": "2014-06",
        "witness": "邓老师",
        "witness_phone": "13800002001",
    },
    {
        "place": "平原市路桥工程公司",
        "post": "测量员",
        "start": "2014-07",
        "end": "2022-02",
        "witness": "史工",
        "witness_phone": "13800002002",
    },
    {
        "place": SCHOOL,
        "post": "学生",
        "start": "2022-03",
        "end": "至今",
        "witness": "尹老师",
        "witness_phone": "13800002003",
    },
)
SELF_EVALUATION = (
    "在校学习期间，我拥护国家的路线方针政策，关心社会发展，遵守法律法规和学院的各项规定，积极参加学院组织的思想政治学习。"
    "在个人品德方面，我为人正直，诚实守信，尊敬老师，与同学和同事相处融洽，愿意在别人有困难的时候伸出援手。"
    "在学习态度方面，我在工作之余坚持听课，按时提交作业，认真准备每一次考试，遇到没有弄懂的地方会反复看教材并向老师请教。"
    "在学习收获与心得方面，我比较系统地掌握了力学、测量、结构和施工方面的知识，并且在工地的实际工作里用上了它们，"
    "对质量和安全有了更深的认识。今后我会继续学习，踏实做事，把所学的东西用到每一项工作里去。"
)


def form_toml() -> str:
    """The student's own entries, as the file that `--form` takes."""
    parts = []
    for group, rows in (("family", FAMILY), ("history", HISTORY)):
        for row in rows:
            parts.append(f"[[{group}]]\n" + "".join(f'{key} = "{value}"\n' for key, value in row.items()))
    parts.append(f'[self_evaluation]\ntext = """\n{SELF_EVALUATION}\n"""\n')
    return "\n".join(parts)


def resident_id(birth: str, order: str) -> str:
    """A well-formed 18-character number with the check character of GB 11643."""
    body = "610113" + birth.replace("-", "") + order
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


@dataclass(frozen=True)
class Student:
    """One invented student."""

    key: str
    name: str
    sex: str
    birth: str
    order: str
    number: str
    platform_major: str = "土木工程"
    records: tuple[str, ...] = ("own",)  # own | other school, in the order 学信网 shows them
    passwords: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def id_number(self) -> str:
        """The 身份证号."""
        return resident_id(self.birth, self.order)

    def account(self, site: str) -> str:
        """What is typed as the user name at `site`."""
        return f"{self.key}@mail.invalid" if site == "chsi" else self.number

    def password(self, site: str) -> str:
        """The password at `site`; every site has its own."""
        return f"{site[-3:].upper()}#{self.key}&9k<{self.number[-4:]}"

    def chsi_records(self) -> list[Row]:
        """The 学籍 of 学信网, label to value."""
        year, month, day = self.birth.split("-")
        own = {
            "姓名": self.name,
            "性别": self.sex,
            "出生日期": f"{year}年{month}月{day}日",
            "民族": "汉族",
            "证件号码": self.id_number,
            "学校名称": SCHOOL,
            "层次": "专升本",
            "专业": "土木工程",
            "学制": "2.5 年",
            "学历类别": "成人高等教育",
            "学习形式": "函授",
            "分院": "",
            "系所": "",
            "班级": "",
            "学号": self.number,
            "入学日期": "2022年03月01日",
            "学籍状态": "在籍（注册学籍）",
            "预计毕业日期": "2024年07月01日",
        }
        other = own | {
            "学校名称": "平原职业技术学院",
            "层次": "专科",
            "专业": "道路桥梁工程技术",
            "学制": "3 年",
            "学历类别": "普通高等教育",
            "学习形式": "普通全日制",
            "学号": "1807" + self.number[4:],
            "入学日期": "2018年09月01日",
            "学籍状态": "不在籍（毕业）",
            "预计毕业日期": "2021年07月01日",
        }
        return [{"own": own, "other": other}[kind] for kind in self.records]

    def platform(self) -> Row:
        """The 个人信息 of the platform."""
        return {
            "姓名": self.name,
            "性别": self.sex,
            "身份证号码": self.id_number,
            "出生日期": self.birth,
            "民族": "汉族",
            "学籍状态": "在籍",
            "教学点": "平原教学点",
            "层次": "专升本",
            "培养专业": self.platform_major,
            "入学年份": "2022",
            "当前所在级": "2022",
            "学号": self.number,
            "学习形式": "函授",
        }

    def registry(self) -> Row:
        """The basic information of the LZU registration system."""
        return {
            "学号": self.number,
            "姓名": self.name,
            "性别": self.sex,
            "民族": "汉族",
            "出生日期": self.birth,
            "政治面貌": "共青团员",
            "证件类型": "居民身份证",
            "证件号码": self.id_number,
            "学院": "土木工程与力学学院",
            "专业": "土木工程",
            "学制": "4",
            "年级": "2020",
            "入学日期": "2020-09-01",
        }

    def lzu_chsi_records(self) -> list[Row]:
        """What 学信网 shows of the same student for the LZU notice."""
        return [
            row
            | {
                "学校名称": "兰州大学",
                "层次": "本科",
                "学制": "4 年",
                "学历类别": "普通高等教育",
                "学习形式": "普通全日制",
                "入学日期": "2020年09月01日",
            }
            for row in self.chsi_records()
        ]


STUDENTS = {
    student.key: student
    for student in (
        Student("plain", "沈若川", "男", "1996-04-18", "215", "2203110417"),
        Student("two", "温以宁", "女", "1998-10-09", "328", "2203110552", records=("other", "own")),
        Student("two-late", "秦思远", "男", "1997-02-27", "437", "2203110608", records=("own", "other")),
        Student("major", "白露晞", "女", "1995-12-05", "546", "2203110719", platform_major="工程管理"),
    )
}


@lru_cache(maxsize=64)
def portrait(seed: str, background: tuple[int, int, int]) -> bytes:
    """A drawn ID-photo-like picture: 480x640, 300 dpi, a JPEG of 20 to 40 KB, nobody's face."""
    rng = random.Random(seed)
    image = Image.new("RGB", (480, 640), background)
    draw = ImageDraw.Draw(image)
    skin = tuple(base + rng.randrange(-14, 8) for base in (236, 200, 172))
    hair = tuple(rng.randrange(18, 60) for _ in range(3))
    coat = tuple(rng.randrange(20, 110) for _ in range(3))
    left, top = 130 + rng.randrange(-12, 12), 120 + rng.randrange(-12, 12)
    draw.ellipse((left - 12, top - 34, left + 232, top + 190), fill=hair)
    draw.ellipse((40, 460, 440, 900), fill=coat)
    draw.rectangle((left + 75, top + 240, left + 145, top + 370), fill=skin)
    draw.ellipse((left, top, left + 220, top + 290), fill=skin)
    draw.pieslice((left - 6, top - 22, left + 226, top + 150), 180, 360, fill=hair)
    for eye in (left + 62, left + 158):
        draw.ellipse((eye - 20, top + 125, eye + 20, top + 145), fill=(250, 250, 250))
        draw.ellipse((eye - 9, top + 126, eye + 9, top + 144), fill=(30, 24, 22))
        draw.arc((eye - 26, top + 96, eye + 26, top + 130), 200, 340, fill=hair, width=6)
    draw.line(
        (left + 110, top + 145, left + 102, top + 195, left + 118, top + 198), fill=(190, 150, 126), width=4
    )
    draw.arc((left + 78, top + 200, left + 142, top + 240), 20, 160, fill=(170, 80, 76), width=6)
    image = image.filter(ImageFilter.GaussianBlur(1.2))
    noise = Image.frombytes("RGB", image.size, rng.randbytes(480 * 640 * 3))
    buffer = io.BytesIO()
    Image.blend(image, noise, 0.055).save(buffer, "JPEG", quality=80, dpi=(300, 300))
    return buffer.getvalue()


def chsi_photo(student: Student, record: int) -> bytes:
    """The 学历照片 of one 学籍."""
    return portrait(f"{student.key}/{student.records[record]}", (104, 190, 246))


def admission_photo(student: Student) -> bytes:
    """The 录取照片."""
    return portrait(f"{student.key}/admission", (242, 242, 244))


def enrolment_photo(student: Student) -> bytes:
    """The 入学照片 of the platform."""
    return portrait(f"{student.key}/enrolment", (66, 120, 196))


def platform_copy(photo: bytes) -> bytes:
    """A photo as the platform gives it back: smaller, encoded again."""
    with Image.open(io.BytesIO(photo)) as image:
        small = image.convert("RGB").resize((240, 320), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()

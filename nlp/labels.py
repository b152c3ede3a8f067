"""Chinese words for the codes of the frames, as pages and workbooks show them."""

from __future__ import annotations

from collections.abc import Mapping

LEVELS: Mapping[str, str] = {
    "national": "国家",
    "province": "省级",
    "city": "地市级",
    "county": "县级",
    "township": "乡级",
}
KINDS: Mapping[str, str] = {"government": "政府", "department": "部门", "other": "其他"}
EDITIONS: Mapping[str, str] = {
    "2021": "2021 年格式",
    "2019": "2019 年格式",
    "narrative": "叙述体（2008—2018）",
}
ROLES: Mapping[str, str] = {"problem": "问题", "measure": "措施"}
STATES: Mapping[str, str] = {
    "number": "数",
    "zero": "零",
    "blank": "空白",
    "slash": "斜线",
    "dash": "横线",
    "none": "写“无”",
    "absent": "文件里没有",
    "unreadable": "存疑",
}
RESULTS: Mapping[str, str] = {"pass": "通过", "fail": "不符", "not_assessable": "无法判断"}
DOUBTS: Mapping[str, str] = {"theirs": "原文如此", "ours": "读取存疑"}
SEVERITIES: Mapping[str, str] = {"error": "错误", "warning": "注意", "info": "说明"}
SKIPPED: Mapping[str, str] = {
    "empty": "空文件",
    "encrypted": "已加密",
    "damaged": "已损坏",
    "scan": "扫描件",
    "unsupported": "格式不支持",
    "not_a_report": "不是年度报告",
    "too_large": "过大",
    "timeout": "超时",
    "duplicate": "重复文件",
}
GROUPS: Mapping[str, str] = {
    "demand": "申请",
    "outcome": "办理结果",
    "reasons": "理由",
    "flow": "办结与结转",
    "disputes": "复议诉讼",
    "table2": "主动公开",
    "compliance": "合规",
    "narrative": "文字",
}
KIND_OF_COLUMN: Mapping[str, str] = {
    "text": "文字",
    "integer": "整数",
    "number": "数",
    "flag": "是/否",
}
UNKNOWN = "未识别"

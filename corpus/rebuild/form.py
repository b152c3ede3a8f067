"""The statutory tables of both editions as printed, for building the sample reports.

Kept apart from ``nlp/form`` on purpose: truth must not come from the data that the parser
under test reads.
"""

from __future__ import annotations

COLUMNS3 = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
RESULTS4 = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
GROUPS4 = ("复议", "直接起诉", "复议后起诉")

# Block label, columns (key, printed), rows.
SECTION2 = {
    "2021": (
        (
            "第二十条第（一）项",
            (
                ("本年制发件数", "本年制发件数"),
                ("本年废止件数", "本年废止件数"),
                ("现行有效件数", "现行有效件数"),
            ),
            ("规章", "行政规范性文件"),
        ),
        ("第二十条第（五）项", (("本年处理决定数量", "本年处理决定数量"),), ("行政许可",)),
        (
            "第二十条第（六）项",
            (("本年处理决定数量", "本年处理决定数量"),),
            ("行政处罚", "行政强制"),
        ),
        (
            "第二十条第（八）项",
            (("本年收费金额（万元）", "本年收费金额（单位：万元）"),),
            ("行政事业性收费",),
        ),
    ),
    "2019": (
        (
            "第二十条第（一）项",
            (
                ("本年新制作数量", "本年新制作数量"),
                ("本年新公开数量", "本年新公开数量"),
                ("对外公开总数量", "对外公开总数量"),
            ),
            ("规章", "规范性文件"),
        ),
        (
            "第二十条第（五）项",
            (
                ("上一年项目数量", "上一年项目数量"),
                ("本年增/减", "本年增/减"),
                ("处理决定数量", "处理决定数量"),
            ),
            ("行政许可", "其他对外管理服务事项"),
        ),
        (
            "第二十条第（六）项",
            (
                ("上一年项目数量", "上一年项目数量"),
                ("本年增/减", "本年增/减"),
                ("处理决定数量", "处理决定数量"),
            ),
            ("行政处罚", "行政强制"),
        ),
        (
            "第二十条第（八）项",
            (("上一年项目数量", "上一年项目数量"), ("本年增/减", "本年增/减")),
            ("行政事业性收费",),
        ),
        (
            "第二十条第（九）项",
            (("采购项目数量", "采购项目数量"), ("采购总金额", "采购总金额")),
            ("政府集中采购",),
        ),
    ),
}

CORNER3 = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
RESULT3 = "三、本年度办理结果"

_DENIED = (
    "属于国家秘密",
    "其他法律行政法规禁止公开",
    "危及“三安全一稳定”",
    "保护第三方合法权益",
    "属于三类内部事务信息",
    "属于四类过程性信息",
    "属于行政执法案卷",
    "属于行政查询事项",
)
_UNABLE = ("本机关不掌握相关政府信息", "没有现成信息需要另行制作", "补正后申请内容仍不明确")
_REFUSED = (
    "信访举报投诉类申请",
    "重复申请",
    "要求提供公开出版物",
    "无正当理由大量反复申请",
    "要求行政机关确认或重新出具已获取信息",
)
_OTHER = (
    "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "其他",
)


def rows3(*, single_other: bool) -> list[tuple[str, str, str]]:
    """Give (row number, group label, printed label) of section 三 in printed order."""
    rows = [
        ("1", "", "一、本年新收政府信息公开申请数量"),
        ("2", "", "二、上年结转政府信息公开申请数量"),
        ("3.1", "", "（一）予以公开"),
        ("3.2", "", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    ]
    groups = [("3.3", "（三）不予公开", _DENIED), ("3.4", "（四）无法提供", _UNABLE)]
    groups.append(("3.5", "（五）不予处理", _REFUSED))
    if not single_other:
        groups.append(("3.6", "（六）其他处理", _OTHER))
    for number, group, labels in groups:
        rows += [(f"{number}.{i}", group, f"{i}.{t}") for i, t in enumerate(labels, 1)]
    if single_other:
        rows.append(("3.6", "", "（六）其他处理"))
    return [*rows, ("3.7", "", "（七）总计"), ("4", "", "四、结转下年度继续办理")]


THEMES = {
    "tr": "training",
    "pi": "policy_interpretation",
    "ks": "key_sector_disclosure",
    "pd": "proactive_disclosure",
    "or": "on_request",
    "pn": "platform_newmedia",
    "im": "information_management",
    "sa": "supervision_assessment",
    "ml": "mechanism_leadership",
    "ir": "interaction_response",
    "is": "innovation_service",
    "ot": "other",
}

"""A second held-out set, written by hand: short statements as researchers quote them.

A block is one topic.  Its first line is what was said first; lines with ``=`` are copies as
offices make them (other words for a third of it, other names and figures, clauses moved,
marks of another width, a template's blanks left in); lines with ``!`` are other offices on
the same topic with the same stock phrases, who wrote their own.  Traditional script and
half-width marks are made by machine from the copies.
"""

from __future__ import annotations

import random

import opencc
from generate import Sentence
from words import PLACES, TRADES

BLOCKS = """
一是部分股室报送信息拖沓，常在催办之后才交稿。
= 部分科室报送信息较为拖沓，往往在催办以后才交稿。
= 1.部分股室报送信息拖沓,常在催办之后才交稿;
= 常在催办之后才交稿，部分股室报送信息拖沓。
! 个别单位信息更新不够及时，主动公开意识有待加强。
! 信息员由文书兼任，忙时顾不上更新栏目。

依托村级广播每晚播报惠农补贴发放名单，听不清的由网格员上门念。
= 依托村级喇叭每晚播报惠农补贴名单，听不清的由网格员上门念给他听。
= 2023年，我镇依托村级广播每晚播报惠农补贴发放名单，听不清的由网格员上门念。
= 听不清的由网格员上门念，依托村级广播每晚播报惠农补贴发放名单。
! 在村务公开栏张贴惠农补贴政策，接受群众监督。
! 进一步拓宽公开渠道，通过广播、宣传栏等形式加强惠农政策宣传。

答复书由两人交叉校核，送出前再请法制股看一遍依据。
= 答复书由两名同志交叉校核，寄出前还请法制股看一遍依据。
= 我局答复书由两人交叉校核，送出前再请法制股看一遍依据。
= 对依申请公开件，答复书由两人交叉校核，全年办理12件。
! 严格规范依申请公开答复文书，确保答复内容合法、程序规范。
! 聘请法律顾问参与疑难申请研判，降低败诉风险。

拟在（具体名称）设立公开专区，配备触摸屏****台。
= 拟在便民大厅设立公开专区，配备触摸屏3台。
= 拟在县图书馆设立公开专区，配备触摸屏十二台。
! 政务大厅公开专区设施陈旧，触摸屏长期无人维护。
! 加强政务公开专区建设，为群众提供查询、打印等服务。

把每周三上午定为接访解读时间，由分管领导坐班答问。
= 将每周三上午定为接访解读时间，由分管副职坐班答问。
= 把每周五上午定为接访解读日，由分管领导坐班答疑。
= 由分管领导坐班答问，把每周三上午定为接访解读时间。
! 主要领导带头解读重大政策，参加在线访谈2次。
! 积极回应社会关切，及时答复群众来信来访。

建立退稿登记簿，写明退回缘由，每月末交办公室汇总。
= 建立退稿登记本，注明退回缘由，每月底交办公室汇总。
= 设立退稿登记簿,写明退回原因,每月末交党政办汇总.
= 每月末交办公室汇总，建立退稿登记簿，写明退回缘由。
! 建立信息发布审核台账，严格落实三审三校制度。
! 完善信息发布登记制度，做到先审后发、一事一审。

图纸类附件体积过大，群众用手机点开要等很久，多数人中途放弃。
= 图纸类附件体积太大，居民用手机打开要等很久，多半人中途放弃。
= 群众用手机点开要等很久，多数人中途放弃，图纸类附件体积过大。
= 二是图纸类附件体积过大，群众用手机点开要等很久，多数人中途放弃；
! 网站适配手机效果不佳，部分页面显示不全。
! 规划类信息专业性强，群众看不懂，互动反馈少。

年初把公开事项拆成四十六个小项，分到人头，季末对表勾销。
= 年初将公开事项拆成五十二个小项，分到个人，季末对表勾销。
= 今年初，我局把公开事项拆成46个小项，分到人头，季末对表勾销。
! 年初制定政务公开工作要点，明确责任分工和完成时限。
! 将政务公开纳入年度考核，季末通报得分。

邀请三所中学的学生会代表旁听常务会议，会后交一页观感。
= 邀请五所中学的学生代表旁听常务会议，会后交一页观后感。
= 会后交一页观感，邀请三所中学的学生会代表旁听常务会议。
= 开放日当天，邀请三所中学的学生会代表旁听常务会议，并参观档案馆。
! 邀请人大代表、政协委员列席县政府常务会议5人次。
! 举办政府开放日活动，邀请群众代表走进机关。

旧栏目里还留着已撤并单位的电话，打过去是空号。
= 旧栏目里仍留着已撤并单位的电话，拨过去是空号。
= 老栏目中还挂着已撤并单位的电话，打过去是空号。
= 旧欄目裏還留着已撤併單位的電話，打過去是空號。
! 机构职能栏目更新不及时，联系方式有误。
! 已撤销机构的历史信息未归档，查找不便。

财务人员不懂公开口径，预决算说明照抄上年，数字对不上。
= 财务人员不清楚公开口径，预决算说明照搬去年，数字对不上。
= 三是财务人员不懂公开口径，预决算说明照抄上年，数字对不上。
= 预决算说明照抄上年，数字对不上，财务人员不懂公开口径。
! 预决算公开内容不够细化，说明过于笼统。
! 财政资金信息公开力度有待进一步加大。

请盲文出版社制作办事指南两百册，放在残联和医院窗口。
= 请盲文出版社制作服务指南300册，放在残联与医院窗口。
= 放在残联和医院窗口，请盲文出版社制作办事指南两百册。
! 编印办事指南2000册，在政务大厅免费发放。
! 推进网站无障碍改造，方便视障人士使用。

对三年以上未更新的专题先下线核对，补齐后再重新上架。
= 对三年以上没有更新的专题先行下线核对，补全后再重新上架。
= 下一步，对三年以上未更新的专题先下线核对，补齐后再重新上架。
= 对五年以上未更新的专栏先下线核对，补齐后重新上架。
! 对长期不更新的栏目进行清理整合，优化栏目设置。
! 下一步，我局将进一步加强网站专题建设，提升信息质量。

与邻县互派信息员跟班半个月，回来在例会上讲所见差别。
= 与邻市互派信息员跟班十天，回来在例会上讲所见差别。
= 回来在例会上讲所见差别，与邻县互派信息员跟班半个月。
! 组织信息员参加业务培训2期，提升业务能力。
! 选派业务骨干到上级部门跟班学习。

政策文件写得像通知，没有举例，种养户读完仍要打电话来问。
= 政策文件写得像通知，缺少举例，养殖户看完仍要打电话来问。
= 种养户读完仍要打电话来问，政策文件写得像通知，没有举例。
= 政策文件写得像通知,没有举例,种养户读完仍要打电话来问.
! 政策解读形式单一，以文字解读为主，图文解读较少。
! 政策解读质量不高，存在照搬照抄文件内容的现象。

把公开指南压缩成一张折页，随不动产证一并交到群众手里。
= 将公开指南压成一张折页，随不动产证书一并交到群众手上。
= 全年印制3000份，把公开指南压缩成一张折页，随不动产证一并交到群众手里。
! 修订政府信息公开指南，及时更新联系方式和受理渠道。
! 依法编制信息公开目录，方便群众查阅。
"""  # fmt: skip


def make_adversarial(seed: int = 5) -> list[Sentence]:
    """Make the lines; ``generate.true_pairs`` gives their truth."""
    chance = random.Random(seed)
    traditional = opencc.OpenCC("s2t")
    narrow = str.maketrans("，。；：！？（）０１２", ",.;:!?()012")
    sentences: list[Sentence] = []

    def add(text: str, family: int, manner: str, held: frozenset[int]) -> None:
        issuer = chance.choice(PLACES) + chance.choice(TRADES) + "局"
        sentences.append(
            Sentence("", text, issuer, chance.randint(2019, 2024), family, manner, held)
        )

    for family, block in enumerate(BLOCKS.strip().split("\n\n")):
        first, *others = block.split("\n")
        copies = [line[2:] for line in others if line[0] == "="]
        add(first, family, "exact", frozenset([0]))
        for text in copies:
            add(text, family, "edit30", frozenset([0]))
        add(
            str(traditional.convert(chance.choice([first, *copies]))),
            family,
            "slots",
            frozenset([0]),
        )
        add(chance.choice([first, *copies]).translate(narrow), family, "slots", frozenset([0]))
        for line in others:
            if line[0] == "!":
                add(line[2:], -1, "own", frozenset())
    chance.shuffle(sentences)
    for n, s in enumerate(sentences):
        s.id = f"a{n:05d}"
    return sentences

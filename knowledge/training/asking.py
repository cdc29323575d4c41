"""Phrases as people would ask them: with a beginning, with the part they want to know, typed in many ways."""

import random

from knowledge.lexicon import Lexicon
from knowledge.training.noise import Typist

BEGINNINGS = (
    "em muốn ",
    "tôi cần ",
    "mình định ",
    "cho hỏi ",
    "nhà em ",
    "cty em ",
    "bên mình ",
    "tui tính ",
    "giờ muốn ",
    "xin hỏi ",
    "đề nghị hướng dẫn ",
    "bác muốn ",
    "anh em tôi ",
    "chị tôi ",
)
PARTS = (
    "hết bao nhiêu tiền",
    "lệ phí bao nhiêu",
    "phí bn vậy",
    "mất mấy ngày",
    "bao lâu có kết quả",
    "mấy hôm thì xong",
    "cần giấy tờ gì",
    "hồ sơ gồm những gì",
    "cần chuẩn bị gì",
    "nộp ở đâu",
    "làm ở chỗ nào",
    "nộp cho cơ quan nào",
    "nộp xã hay tỉnh",
    "làm thế nào",
    "thủ tục ra sao",
    "mần sao",
    "các bước thế nào",
    "điều kiện gì",
    "có cần điều kiện gì không",
    "nộp qua mạng được không",
    "làm online được không",
    "gửi bưu điện được không",
    "theo quy định nào",
    "kết quả nhận được là gì",
    "có mẫu đơn không",
    "xin mẫu ở đâu",
    "thì sao",
    "thì phải làm gì",
    "được không",
    "thì nộp gì",
    "làm sao ạ",
)


class Asker:
    """Asks for a phrase as another person would."""

    def __init__(self, words: Lexicon, chance: random.Random) -> None:
        chat: dict[str, tuple[str, ...]] = {}
        for typed, meant in [*words.teencode.items(), *words.dialect.items()]:
            chat[meant] = (*chat.get(meant, ()), typed)
        self._typist = Typist(chat, chance)
        self._chance = chance

    def typed(self, message: str) -> str:
        """The same message as another person would type it."""
        return self._typist.variants(message, 1, surrounded=False)[0]

    def asked(self, phrase: str) -> str:
        """One message that asks for the phrase."""
        said = (self._chance.choice(BEGINNINGS) if self._chance.random() < 0.6 else "") + phrase
        if self._chance.random() < 0.7:
            said += (", " if self._chance.random() < 0.4 else " ") + self._chance.choice(PARTS)
        if self._chance.random() < 0.6:
            surrounded = self._chance.random() < 0.4
            return self._typist.variants(said, 1, surrounded=surrounded)[0]
        return said

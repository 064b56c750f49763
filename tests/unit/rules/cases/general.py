"""Cases of the rules that look at every export."""

CASES = {
    "exact_copy": [
        ({"skolefravaer": {1: {}}}, [1]),
        ({"skolefravaer": {1: {"days_sick": 9.0}}}, []),
    ],
    "same_key": [
        ({"skolefravaer": {1: {"days_sick": 9.0}}}, [1]),
        ({"skolefravaer": {1: {"person_id": "BOY"}}}, []),
    ],
    "person_not_in_register": [
        ({"beskaeftigelse": {0: {"person_id": "NOBODY"}}}, [0]),
        ({"planlinjer": {0: {"contact_id": "NOBODY"}}}, [0]),
        ({"beskaeftigelse": {0: {"person_id": "GIRL"}}}, []),
        ({"beskaeftigelse": {0: {"person_id": "MISSPELT"}}}, []),
    ],
    "wrong_cpr_digit": [
        ({"beskaeftigelse": {0: {"person_id": "MISSPELT"}}}, [0]),
        ({"planlinjer": {0: {"contact_id": "MISSPELT"}}}, [0]),
        ({"beskaeftigelse": {0: {"person_id": "NOBODY"}}}, []),
        ({"beskaeftigelse": {0: {"person_id": "TWO_OFF"}}}, []),
        ({"beskaeftigelse": {0: {"person_id": "FATHER"}}}, []),
    ],
}
